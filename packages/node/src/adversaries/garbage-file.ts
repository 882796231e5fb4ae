import { randomBytes } from 'node:crypto';
import { concat } from '@semblance/core/bytes';
import { resultSizeOf } from '@semblance/proto/task';
import { type Conduct, honest } from './conduct.ts';

const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Commits to something that begins like a PNG and is none. */
export const garbageFile: Conduct = {
  ...honest,
  name: 'garbage-file',
  produce: async (task) => {
    const { width, height } = resultSizeOf(task);
    return {
      encoded: [],
      latents: [new Uint8Array(16)],
      pixels: new Uint8Array(width * height * 3),
      width,
      height,
      file: concat(PNG_SIGNATURE, randomBytes(512)),
    };
  },
};
