import { InvalidInputError } from '@semblance/core/errors';

/**
 * An image in memory: row-major, interleaved, 8 bits a channel.
 * `channels`: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. Alpha is not premultiplied.
 */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array;
}

/** The longest side that Pillow's resampler, which holds sizes as 32-bit floats, handles exactly. */
const longestSide = 2 ** 24;

/** Throws {@link InvalidInputError} naming the field unless the value is a whole {@link Image}. */
export function assertImage(image: Image): void {
  if (typeof image !== 'object' || image === null) {
    throw new InvalidInputError('image', 'not an object');
  }
  assertSide('image.width', image.width);
  assertSide('image.height', image.height);
  if (![1, 2, 3, 4].includes(image.channels)) {
    throw new InvalidInputError('image.channels', 'not 1, 2, 3 or 4');
  }
  if (!(image.data instanceof Uint8Array)) {
    throw new InvalidInputError('image.data', 'not a Uint8Array');
  }
  const length = image.width * image.height * image.channels;
  if (image.data.length !== length) {
    throw new InvalidInputError('image.data', `${image.data.length} bytes instead of ${length}`);
  }
}

function assertSide(field: string, side: number): void {
  if (!Number.isInteger(side) || side < 1 || side > longestSide) {
    throw new InvalidInputError(field, `not an integer from 1 to ${longestSide}`);
  }
}
