import { InvalidInputError } from '@semblance/core/errors';
import type { RgbImage } from './pixels.ts';

/** 1 for each pixel to paint, where Pillow's luma is at least half of white, and 0 for the others. */
export function toMask({ data }: RgbImage): Uint8Array {
  return Uint8Array.from({ length: data.length / 3 }, (_, i) => {
    const [r, g, b] = data.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    return (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16 >= 128 ? 1 : 0;
  });
}

/**
 * The mask over the cells of a latent: each takes the pixel in its upper left corner, the nearest
 * one as torch's interpolate has it.
 *
 * @throws InvalidInputError when no cell is left to paint
 */
export function latentMask(mask: Uint8Array, width: number, factor: number): Float32Array {
  const columns = width / factor;
  const cells = Float32Array.from({ length: mask.length / factor ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return mask[row * factor * width + column * factor] as number;
  });
  if (!cells.includes(1)) {
    throw new InvalidInputError('mask', `nothing to paint at the latent's size, 1/${factor}`);
  }
  return cells;
}

/** Planes [3, height, width] in [-1, 1] with the pixels to paint made grey. */
export function takeOut(planes: Float32Array, mask: Uint8Array): Float32Array {
  return planes.map((x, j) => (mask[j % mask.length] === 1 ? 0 : x));
}

/** The picture of the model within the mask, the given one outside it. */
export function paste(
  painted: RgbImage,
  given: RgbImage,
  mask: Uint8Array,
): { readonly image: RgbImage; readonly pastedPixels: number } {
  const data = painted.data.map((byte, j) =>
    mask[Math.floor(j / 3)] === 1 ? byte : (given.data[j] as number),
  );
  const pastedPixels = mask.reduce((count, paints) => count + 1 - paints, 0);
  return { image: { ...painted, data }, pastedPixels };
}
