import { readFileSync } from 'node:fs';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { hashImage } from '../src/hashes.ts';
import type { Image } from '../src/image.ts';

/** Hashes that Python imagehash gave; see vectors/perceptual-hash/generate.py. */
interface Vector {
  file: string;
  mode: 'L' | 'LA' | 'RGB' | 'RGBA';
  width: number;
  height: number;
  pixels: string;
  average: string;
  perceptual: string;
  difference: string;
  color: string;
}

const folder = new URL('../../../vectors/perceptual-hash/', import.meta.url);
const { images } = JSON.parse(readFileSync(new URL('hashes.json', folder), 'utf8')) as {
  images: Vector[];
};

/** sharp writes grey with alpha as RGBA, or as grey alone: the two channels are picked from RGBA. */
async function decode({ file, mode }: Vector): Promise<Image> {
  const picture = sharp(readFileSync(new URL(`images/${file}`, folder)));
  const { data, info } = await (mode === 'L' ? picture.toColourspace('b-w') : picture)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  if (mode === 'LA' && info.channels === 4) {
    return { width, height, channels: 2, data: data.filter((_, i) => i % 4 === 0 || i % 4 === 3) };
  }
  return { width, height, channels: info.channels as Image['channels'], data };
}

describe('imagehash 4.3.2 over Pillow 13', () => {
  test('there are at least 200 images', () => {
    expect(images.length).toBeGreaterThanOrEqual(200);
  });

  test.each(images)('$file', async (vector) => {
    const image = await decode(vector);
    expect(image).toMatchObject({
      width: vector.width,
      height: vector.height,
      channels: { L: 1, LA: 2, RGB: 3, RGBA: 4 }[vector.mode],
    });
    expect(toHex(sha256(image.data)), 'decoded pixels').toBe(vector.pixels);
    const hashes = hashImage(image);
    expect({
      average: toHex(hashes.average),
      perceptual: toHex(hashes.perceptual),
      difference: toHex(hashes.difference),
      color: toHex(hashes.color),
    }).toEqual({
      average: vector.average,
      perceptual: vector.perceptual,
      difference: vector.difference,
      color: `0${vector.color}`,
    });
  });
});
