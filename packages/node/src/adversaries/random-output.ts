import { randomBytes } from 'node:crypto';
import { baseOf, resultSizeOf } from '@semblance/proto/task';
import type { Generated } from '../generated.ts';
import { type Conduct, honest } from './conduct.ts';

/** Never loads the model: noise for latents, noise for a picture, a commitment over both. */
export const randomOutput: Conduct = {
  ...honest,
  name: 'random-output',
  produce: async (task, { encodePng }): Promise<Generated> => {
    const { width, height } = resultSizeOf(task);
    const steps = baseOf(task)?.steps ?? 0;
    const pixels = new Uint8Array(randomBytes(width * height * 3));
    const latents = Array.from({ length: steps + 1 }, () => new Uint8Array(randomBytes(4096)));
    const file = await encodePng(pixels, width, height);
    return { encoded: [], latents, pixels, width, height, file };
  },
};
