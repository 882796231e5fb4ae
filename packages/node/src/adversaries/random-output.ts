import { randomBytes } from 'node:crypto';
import type { Generated } from '../generated.ts';
import { type Conduct, honest } from './conduct.ts';

/** Never loads the model: noise for latents, noise for a picture, a commitment over both. */
export const randomOutput: Conduct = {
  ...honest,
  name: 'random-output',
  produce: async ({ width, height, steps }, { encodePng }): Promise<Generated> => {
    const pixels = new Uint8Array(randomBytes(width * height * 3));
    const latents = Array.from({ length: steps + 1 }, () => new Uint8Array(randomBytes(4096)));
    return { latents, pixels, width, height, file: await encodePng(pixels, width, height) };
  },
};
