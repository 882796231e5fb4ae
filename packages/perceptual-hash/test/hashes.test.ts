import { toHex } from '@semblance/core/bytes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averageHash } from '../src/average-hash.ts';
import { colorHash } from '../src/color-hash.ts';
import { differenceHash } from '../src/difference-hash.ts';
import { hashImage } from '../src/hashes.ts';
import type { Image } from '../src/image.ts';
import { perceptualHash } from '../src/perceptual-hash.ts';

const side = fc.integer({ min: 1, max: 24 });

function images<C extends Image['channels']>(channels: C) {
  return fc.tuple(side, side).chain(([width, height]) => {
    const length = width * height * channels;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data) => ({ width, height, channels, data }));
  });
}

const anyImage: fc.Arbitrary<Image> = fc.oneof(images(1), images(2), images(3), images(4));

/** The image with its alpha channel removed. */
function withoutAlpha(image: Image, channels: 1 | 3): Image {
  const data = image.data.filter((_, i) => i % image.channels < channels);
  return { ...image, channels, data };
}

describe('hashes of an image', () => {
  test('have 8, 8, 8 and 6 bytes and six leading zero bits of colour', () => {
    fc.assert(
      fc.property(anyImage, (image) => {
        const { average, perceptual, difference, color } = hashImage(image);
        expect([average, perceptual, difference, color].map((h) => h.length)).toEqual([8, 8, 8, 6]);
        expect((color[0] as number) >> 2).toBe(0);
      }),
    );
  });

  test('are the same one by one and together, and leave the image as it is', () => {
    fc.assert(
      fc.property(anyImage, (image) => {
        const before = image.data.slice();
        expect(hashImage(image)).toEqual({
          average: averageHash(image),
          perceptual: perceptualHash(image),
          difference: differenceHash(image),
          color: colorHash(image),
        });
        expect(image.data).toEqual(before);
      }),
    );
  });

  test('do not depend on alpha', () => {
    fc.assert(
      fc.property(images(4), (image) => {
        expect(hashImage(withoutAlpha(image, 3))).toEqual(hashImage(image));
      }),
    );
    fc.assert(
      fc.property(images(2), (image) => {
        expect(hashImage(withoutAlpha(image, 1))).toEqual(hashImage(image));
      }),
    );
  });

  test('of a grey image are those of the same picture in RGB', () => {
    fc.assert(
      fc.property(images(1), (image) => {
        const data = Uint8Array.from(
          { length: 3 * image.data.length },
          (_, i) => image.data[Math.floor(i / 3)] as number,
        );
        expect(hashImage({ ...image, channels: 3, data })).toEqual(hashImage(image));
      }),
    );
  });

  test('of a flat image are zero but for the mean and the black or grey share', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 255 }), (width, height, level) => {
        const data = new Uint8Array(width * height).fill(level);
        const hashes = hashImage({ width, height, channels: 1, data });
        expect(Object.values(hashes).map(toHex)).toEqual([
          '0000000000000000',
          level === 0 ? '0000000000000000' : '8000000000000000',
          '0000000000000000',
          level < 32 ? '038000000000' : '007000000000',
        ]);
      }),
    );
  });

  test('of a view into a larger buffer are those of a copy', () => {
    fc.assert(
      fc.property(images(3), (image) => {
        const shifted = new Uint8Array(image.data.length + 5).subarray(5);
        shifted.set(image.data);
        expect(hashImage({ ...image, data: shifted })).toEqual(hashImage(image));
      }),
    );
  });

  test('of a very long image take no more than the image', () => {
    const width = 300_000;
    const data = Uint8Array.from({ length: width }, (_, i) => ((i * 8) / width > 4 ? 255 : 0));
    expect(toHex(averageHash({ width, height: 1, channels: 1, data }))).toBe('0f'.repeat(8));
    expect(toHex(averageHash({ width: 1, height: width, channels: 1, data }))).toBe(
      '00000000ffffffff',
    );
  });
});

describe('a malformed image is refused with the field at fault', () => {
  const good: Image = { width: 2, height: 2, channels: 3, data: new Uint8Array(12) };
  const wrong: [string, unknown][] = [
    ['image.width', { ...good, width: Number.NaN }],
    ['image.width', { ...good, width: 0, data: new Uint8Array(0) }],
    ['image.width', { ...good, width: 1.5 }],
    ['image.width', { ...good, width: 2 ** 24 + 1 }],
    ['image.width', { ...good, width: '2' }],
    ['image.height', { ...good, height: -2 }],
    ['image.height', { ...good, height: Number.POSITIVE_INFINITY }],
    ['image.height', { ...good, height: 0, data: new Uint8Array(0) }],
    ['image.channels', { ...good, channels: 5, data: new Uint8Array(20) }],
    ['image.channels', { ...good, channels: Number.NaN }],
    ['image.data', { ...good, data: new Uint8Array(11) }],
    ['image.data', { ...good, data: new Uint8Array(13) }],
    ['image.data', { ...good, data: new Array(12).fill(0) }],
    ['image.data', { ...good, data: new Float32Array(12) }],
    ['image', null],
    ['image', undefined],
  ];

  test.each(wrong)('%s', (field, image) => {
    for (const hash of [hashImage, averageHash, perceptualHash, differenceHash, colorHash]) {
      expect(() => hash(image as Image)).toThrow(
        expect.objectContaining({
          code: 'INVALID_INPUT',
          details: expect.objectContaining({ field }),
        }),
      );
    }
  });
});
