import { expect, test } from 'vitest';
import { colorBin } from '../src/color-hash.ts';

/*
 * The integer comparisons against the arithmetic they stand for: C floats as Math.fround, bytes by
 * truncation, six bins with edges at multiples of 42.5, the last closed.
 */

const toByte = (fraction: number) => Math.trunc(fraction * 255);

function referenceBin(red: number, green: number, blue: number): number {
  if ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16 < 32) return 0;
  const highest = Math.max(Math.max(red, green), blue);
  const chroma = highest - Math.min(Math.min(red, green), blue);
  const saturation = toByte(Math.fround(chroma / highest));
  if (saturation < 85) return 1;
  if (saturation === 170) return 14;
  const bin = Math.min(5, Math.floor(hueByte(red, green, blue, highest, chroma) / 42.5));
  return saturation < 170 ? 2 + bin : 8 + bin;
}

function hueByte(red: number, green: number, blue: number, highest: number, chroma: number) {
  const fromRed = Math.fround((highest - red) / chroma);
  const fromGreen = Math.fround((highest - green) / chroma);
  const fromBlue = Math.fround((highest - blue) / chroma);
  let sixths = 4 + fromGreen - fromRed;
  if (red === highest) sixths = fromBlue - fromGreen;
  else if (green === highest) sixths = 2 + fromRed - fromBlue;
  const turns = Math.fround(sixths) / 6 + 1;
  return toByte(Math.fround(turns >= 1 ? turns - 1 : turns));
}

test('each of the 16,777,216 colours falls in the bin of its saturation and hue bytes', () => {
  let differing = 0;
  for (let red = 0; red < 256; red++) {
    for (let green = 0; green < 256; green++) {
      for (let blue = 0; blue < 256; blue++) {
        if (colorBin(red, green, blue) !== referenceBin(red, green, blue)) differing++;
      }
    }
  }
  expect(differing).toBe(0);
});
