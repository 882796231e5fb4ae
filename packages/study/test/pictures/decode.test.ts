import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { toHex } from '@semblance/core/bytes';
import { hashImage } from '@semblance/perceptual-hash/hashes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePicture, MAX_PICTURE_BYTES, PictureError } from '../../src/pictures/decode.ts';
import { pngOf } from '../support/pictures.ts';

/** Files of the kinds found in the wild, and their hashes by imagehash; see generate.py there. */
interface Vector {
  file: string;
  width: number;
  height: number;
  average: string;
  perceptual: string;
  difference: string;
  color: string;
}

const folder = new URL('../../../../vectors/pictures/', import.meta.url);
const fileOf = (name: string) => readFileSync(new URL(`images/${name}`, folder));
const { images } = JSON.parse(readFileSync(new URL('hashes.json', folder), 'utf8')) as {
  images: Vector[];
};

async function faultOf(file: Uint8Array): Promise<string> {
  const error = await decodePicture(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof PictureError ? error.details.fault : String(error);
}

describe('decoded as Pillow does', () => {
  test.each(images)('$file', async ({ file, width, height, ...expected }) => {
    const image = await decodePicture(fileOf(file));
    const { average, perceptual, difference, color } = hashImage(image);
    expect({ width: image.width, height: image.height }).toEqual({ width, height });
    expect({
      average: toHex(average),
      perceptual: toHex(perceptual),
      difference: toHex(difference),
      color: toHex(color),
    }).toEqual({ ...expected });
  });
});

describe('what is no picture', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>';
  test.each([
    ['nothing', '', 'empty'],
    ['text', 'not a picture', 'not-a-picture'],
    ['SVG, which sharp would draw', svg, 'not-a-picture'],
    ['GIF, which sharp would decode', 'GIF89a', 'not-a-picture'],
    ['a signature alone', '\x89PNG\r\n\x1a\n', 'damaged'],
  ])('%s', async (_, text, fault) => {
    expect(await faultOf(Buffer.from(text, 'latin1'))).toBe(fault);
  });

  test('a file that is too large is not looked at', async () => {
    expect(await faultOf(new Uint8Array(MAX_PICTURE_BYTES + 1))).toBe('too-large');
  });

  test('a small file that would unfold into too many pixels', async () => {
    const bomb = await pngOf(1);
    bomb.writeUInt32BE(20_000, 16);
    bomb.writeUInt32BE(20_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect(await faultOf(bomb)).toBe('too-many-pixels');
  });

  test.each(['plain.jpeg', 'progressive.jpg', 'alpha.png', 'lossy.webp', 'lossless.webp'])(
    '%s cut short anywhere before its last bytes',
    async (name) => {
      const whole = fileOf(name);
      const length = fc.integer({ min: 1, max: Math.floor(whole.length * 0.9) });
      await fc.assert(
        fc.asyncProperty(length, async (kept) => {
          expect(['damaged', 'not-a-picture']).toContain(await faultOf(whole.subarray(0, kept)));
        }),
        { numRuns: 20 },
      );
    },
  );

  test('garbage after a signature', async () => {
    const start = (await pngOf(1)).subarray(0, 16);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (garbage) => {
        expect(await faultOf(Buffer.concat([start, garbage]))).toBe('damaged');
      }),
      { numRuns: 30 },
    );
  });
});
