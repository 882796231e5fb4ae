import { toHex } from '@semblance/core/bytes';
import { hashImage } from '@semblance/perceptual-hash/hashes';
import type { Image } from '@semblance/perceptual-hash/image';
import type { HashName } from './record.ts';

/** The four hashes of an image, in hex. */
export function hashesOf(image: Image): Record<HashName, string> {
  const { average, perceptual, difference, color } = hashImage(image);
  return {
    average: toHex(average),
    perceptual: toHex(perceptual),
    difference: toHex(difference),
    color: toHex(color),
  };
}
