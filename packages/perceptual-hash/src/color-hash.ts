import { packBits } from './bits.ts';
import { luma } from './grey.ts';
import { assertImage, type Image } from './image.ts';

const bitsPerBin = 3;
const levels = 2 ** bitsPerBin;
const hueBins = 6;

const blackBelow = 32;

/**
 * The 14 bins in the order of the hash, and one more for colours of the saturation that imagehash
 * forgets: they count as coloured but fall in no bin.
 */
const black = 0;
const grey = 1;
const faint = 2;
const bright = faint + hueBins;
const binCount = bright + hueBins;
const forgotten = binCount;

/**
 * Colour hash: the shares of black, of grey, and of six hues among the faint and the bright
 * colours, each in eighths. Alpha is ignored.
 *
 * 42 bits, 14 bins of 3 bits: black, grey, 6 faint hues, 6 bright hues. They are right-aligned in
 * 6 bytes, big-endian: the first 6 bits are zero and the hexadecimal is a `0` followed by
 * `str(imagehash.colorhash(image, binbits=3))`.
 *
 * @throws InvalidInputError when the image is malformed.
 */
export function colorHash(image: Image): Uint8Array {
  assertImage(image);
  const pixels = image.width * image.height;
  const counts = image.channels < 3 ? countGreyPixels(image) : countColorPixels(image);
  const neither = pixels - (counts[black] as number) - (counts[grey] as number);
  const coloured = Math.max(1, neither);
  const shares = Array.from({ length: binCount }, (_, bin) =>
    eighths(counts[bin] as number, bin < faint ? pixels : coloured),
  );
  return packBits(binCount * bitsPerBin, (i) =>
    isBitSet(shares[Math.floor(i / bitsPerBin)] as number, i % bitsPerBin),
  );
}

/** A share in eighths, rounded down; the whole counts as seven eighths to fit three bits. */
function eighths(count: number, total: number): number {
  return Math.min(levels - 1, Math.floor((count / total) * levels));
}

/**
 * Bit `position` (0 the highest) as imagehash spells a share, which is not quite binary: the middle
 * bit is also set for 4 and 5, since imagehash leaves the highest bit in when it tests it.
 */
function isBitSet(share: number, position: number): boolean {
  return (share >> (bitsPerBin - 1 - position)) % 2 ** (bitsPerBin - position) > 0;
}

function countGreyPixels({ channels, data }: Image): Int32Array {
  const counts = new Int32Array(binCount + 1);
  for (let at = 0; at < data.length; at += channels) {
    const bin = (data[at] as number) < blackBelow ? black : grey;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

function countColorPixels({ channels, data }: Image): Int32Array {
  const counts = new Int32Array(binCount + 1);
  for (let at = 0; at < data.length; at += channels) {
    const bin = colorBin(data[at] as number, data[at + 1] as number, data[at + 2] as number);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

/*
 * Pillow computes saturation and hue in a mixture of single and double precision and truncates
 * them to bytes. The class boundaries are few, so these integer comparisons decide the same, ties
 * included; the tests compare them with the floating-point formulas for every colour.
 */

/**
 * Bin of a colour. With the saturation byte 255 chroma / highest, grey is below 85, faint below 170
 * and bright above it; exactly 170 is forgotten.
 */
export function colorBin(red: number, green: number, blue: number): number {
  if (luma(red, green, blue) < blackBelow) return black;
  const highest = Math.max(Math.max(red, green), blue);
  const chroma = highest - Math.min(Math.min(red, green), blue);
  if (3 * chroma < highest) return grey;
  if (3 * chroma < 2 * highest) return faint + hueBin(red, green, blue);
  return 85 * chroma < 57 * highest ? forgotten : bright + hueBin(red, green, blue);
}

/**
 * Which sixth of 0 to 255 the hue byte of a colour that is not grey lies in. A sixth is 42.5 wide,
 * so that where an odd one begins its first 85th still truncates into the one before.
 */
function hueBin(red: number, green: number, blue: number): number {
  if (red >= green && red >= blue) {
    if (green >= blue) return 0;
    return 85 * (red - blue) < red - green ? 4 : 5;
  }
  if (green >= blue) {
    if (blue >= red) return 2;
    return 85 * (green - red) < green - blue ? 0 : 1;
  }
  if (red >= green) return 4;
  return 85 * (blue - green) < blue - red ? 2 : 3;
}
