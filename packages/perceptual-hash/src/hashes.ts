import { averageHash } from './average-hash.ts';
import { colorHash } from './color-hash.ts';
import { differenceHash } from './difference-hash.ts';
import { toGrey } from './grey.ts';
import { assertImage, type Image } from './image.ts';
import { perceptualHash } from './perceptual-hash.ts';

/** The four hashes of one image: 8, 8, 8 and 6 bytes. */
export interface PerceptualHashes {
  readonly average: Uint8Array;
  readonly perceptual: Uint8Array;
  readonly difference: Uint8Array;
  readonly color: Uint8Array;
}

/**
 * All four hashes of an image; the luma plane is computed once.
 *
 * @throws InvalidInputError when the image is malformed.
 */
export function hashImage(image: Image): PerceptualHashes {
  assertImage(image);
  const grey = toGrey(image);
  return {
    average: averageHash(grey),
    perceptual: perceptualHash(grey),
    difference: differenceHash(grey),
    color: colorHash(image),
  };
}
