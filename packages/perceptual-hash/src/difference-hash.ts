import { packBits } from './bits.ts';
import { toGrey } from './grey.ts';
import { assertImage, type Image } from './image.ts';
import { resizeGrey } from './resize.ts';

const side = 8;

/**
 * Difference hash: where the 9 x 8 thumbnail grows brighter from one pixel to the next.
 * 8 bytes, row by row, equal to `str(imagehash.dhash(image))` in hexadecimal.
 *
 * @throws InvalidInputError when the image is malformed.
 */
export function differenceHash(image: Image): Uint8Array {
  assertImage(image);
  const { data, width } = resizeGrey(toGrey(image), side + 1, side);
  return packBits(side * side, (i) => {
    const at = Math.floor(i / side) * width + (i % side);
    return (data[at + 1] as number) > (data[at] as number);
  });
}
