import { packBits } from './bits.ts';
import { luma } from './grey.ts';
import { assertImage, type Image } from './image.ts';

const bitsPerBin = 3;
const levels = 2 ** bitsPerBin;
const hueBins = 6;

const blackBelow = 32;
const greyBelow = 85;
const faintBelow = 170;

/** How many pixels fall in each class; `coloured` counts those neither black nor grey. */
interface ColorCounts {
  black: number;
  grey: number;
  coloured: number;
  readonly faint: number[];
  readonly bright: number[];
}

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
  const counts = image.channels < 3 ? countGreyPixels(image) : countColorPixels(image);
  const pixels = image.width * image.height;
  const coloured = Math.max(1, counts.coloured);
  const shares = [
    eighths(counts.black, pixels),
    eighths(counts.grey, pixels),
    ...[...counts.faint, ...counts.bright].map((count) => eighths(count, coloured)),
  ];
  return packBits(shares.length * bitsPerBin, (i) =>
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

function emptyCounts(): ColorCounts {
  const none = () => new Array<number>(hueBins).fill(0);
  return { black: 0, grey: 0, coloured: 0, faint: none(), bright: none() };
}

function countGreyPixels({ width, height, channels, data }: Image): ColorCounts {
  const counts = emptyCounts();
  for (let at = 0; at < data.length; at += channels) {
    if ((data[at] as number) < blackBelow) counts.black++;
  }
  counts.grey = width * height - counts.black;
  return counts;
}

function countColorPixels({ channels, data }: Image): ColorCounts {
  const counts = emptyCounts();
  for (let at = 0; at < data.length; at += channels) {
    const red = data[at] as number;
    const green = data[at + 1] as number;
    const blue = data[at + 2] as number;
    if (luma(red, green, blue) < blackBelow) {
      counts.black++;
      continue;
    }
    const highest = Math.max(red, green, blue);
    const chroma = highest - Math.min(red, green, blue);
    const saturation = toByte(Math.fround(chroma / highest));
    if (saturation < greyBelow) {
      counts.grey++;
      continue;
    }
    counts.coloured++;
    // A saturation of exactly faintBelow is in neither class: so it is in imagehash.
    if (saturation === faintBelow) continue;
    const bins = saturation < faintBelow ? counts.faint : counts.bright;
    const bin = hueBin(red, green, blue, highest, chroma);
    bins[bin] = (bins[bin] as number) + 1;
  }
  return counts;
}

/** Which sixth of 0 to 255 the hue lies in; each sixth is 42.5 wide and holds its lower edge. */
function hueBin(
  red: number,
  green: number,
  blue: number,
  highest: number,
  chroma: number,
): number {
  return Math.min(hueBins - 1, Math.floor((hue(red, green, blue, highest, chroma) * 2) / 85));
}

/**
 * Hue from 0 to 255 as Pillow computes it: single-precision quotients and results, sums in double
 * precision. Rounding a quotient of two 8-bit integers twice (double, then single) equals rounding
 * it once.
 */
function hue(red: number, green: number, blue: number, highest: number, chroma: number): number {
  const fromRed = Math.fround((highest - red) / chroma);
  const fromGreen = Math.fround((highest - green) / chroma);
  const fromBlue = Math.fround((highest - blue) / chroma);
  let sixths: number;
  if (red === highest) sixths = fromBlue - fromGreen;
  else if (green === highest) sixths = 2 + fromRed - fromBlue;
  else sixths = 4 + fromGreen - fromRed;
  const turns = Math.fround(sixths) / 6 + 1;
  return toByte(Math.fround(turns >= 1 ? turns - 1 : turns));
}

/** A fraction from 0 to 1 as a byte, rounded down. */
function toByte(fraction: number): number {
  return Math.trunc(fraction * 255);
}
