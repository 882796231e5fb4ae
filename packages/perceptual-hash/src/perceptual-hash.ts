import { packBits } from './bits.ts';
import { dct, dctSize } from './dct.ts';
import { type GreyImage, toGrey } from './grey.ts';
import { assertImage, type Image } from './image.ts';
import { resizeGrey } from './resize.ts';

const side = 8;

/**
 * Perceptual hash: which of the 8 x 8 lowest frequencies of the 32 x 32 thumbnail lie above their
 * median. 8 bytes, row by row, equal to `str(imagehash.phash(image))` in hexadecimal, bits that
 * hang on rounding included.
 *
 * @throws InvalidInputError when the image is malformed.
 */
export function perceptualHash(image: Image): Uint8Array {
  assertImage(image);
  const frequencies = lowFrequencies(resizeGrey(toGrey(image), dctSize, dctSize));
  const middle = median(frequencies);
  return packBits(frequencies.length, (i) => (frequencies[i] as number) > middle);
}

/** Lowest 8 x 8 coefficients of the two-dimensional DCT, columns transformed before rows. */
function lowFrequencies({ data }: GreyImage): Float64Array {
  const columns = new Float64Array(side * dctSize);
  const samples = new Float64Array(dctSize);
  const spectrum = new Float64Array(dctSize);
  for (let x = 0; x < dctSize; x++) {
    for (let y = 0; y < dctSize; y++) samples[y] = data[y * dctSize + x] as number;
    dct(samples, spectrum);
    for (let y = 0; y < side; y++) columns[y * dctSize + x] = spectrum[y] as number;
  }
  const frequencies = new Float64Array(side * side);
  for (let y = 0; y < side; y++) {
    dct(columns.subarray(y * dctSize, (y + 1) * dctSize), spectrum);
    frequencies.set(spectrum.subarray(0, side), y * side);
  }
  return frequencies;
}

/** Median of an even number of values. */
function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const upper = sorted.length / 2;
  return ((sorted[upper - 1] as number) + (sorted[upper] as number)) / 2;
}
