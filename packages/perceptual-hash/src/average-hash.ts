import { packBits } from './bits.ts';
import { toGrey } from './grey.ts';
import { assertImage, type Image } from './image.ts';
import { resizeGrey } from './resize.ts';

const side = 8;

/**
 * Average hash: which pixels of the 8 x 8 thumbnail are brighter than its mean.
 * 8 bytes, row by row, equal to `str(imagehash.average_hash(image))` in hexadecimal.
 *
 * @throws InvalidInputError when the image is malformed.
 */
export function averageHash(image: Image): Uint8Array {
  assertImage(image);
  const { data } = resizeGrey(toGrey(image), side, side);
  const sum = data.reduce((total, sample) => total + sample, 0);
  return packBits(data.length, (i) => (data[i] as number) * data.length > sum);
}
