import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../src/decode.ts';
import { encodeImage } from '../src/encode.ts';

interface Vector {
  readonly file: string;
  readonly mode: 'L' | 'LA' | 'RGB' | 'RGBA';
  readonly width: number;
  readonly height: number;
  /** SHA-256 of the samples that Pillow decodes. */
  readonly pixels: string;
}

const folder = new URL('../../../vectors/perceptual-hash/', import.meta.url);
const { images } = JSON.parse(readFileSync(new URL('hashes.json', folder), 'utf8')) as {
  readonly images: readonly Vector[];
};
const size = { width: 6, height: 4 };
const samples = Uint8Array.from({ length: 72 }, (_, i) => (i * 37) % 256);
const png = await encodeImage({ ...size, channels: 3, data: samples });
const picture = () => sharp(samples, { raw: { ...size, channels: 3 } });

describe('the samples of Pillow', () => {
  const plain = images.filter(({ mode }) => mode === 'L' || mode === 'RGB');
  test('there are PNG and JPEG files', () => {
    expect(new Set(plain.map(({ file }) => file.slice(-4)))).toEqual(new Set(['.png', '.jpg']));
  });

  test.each(plain)('$file', async ({ file, mode, width, height, pixels }) => {
    const bytes = readFileSync(new URL(`images/${file}`, folder));
    const { data } = await decodeImage('image', bytes, { width, height });
    const decoded = mode === 'L' ? data.filter((_, i) => i % 3 === 0) : data;
    expect(createHash('sha256').update(decoded).digest('hex')).toBe(pixels);
    if (mode === 'L') expect(data.every((grey, i) => grey === data[i - (i % 3)])).toBe(true);
  });
});

describe('accepted', () => {
  test('what was encoded is decoded', async () => {
    expect(await decodeImage('image', png, size)).toEqual({ ...size, channels: 3, data: samples });
  });

  test.each([
    ['opaque alpha', () => picture().ensureAlpha().png()],
    ['a palette', () => picture().png({ palette: true, colours: 32, dither: 0 })],
    ['interlaced', () => picture().png({ progressive: true })],
    ['a profile that is not applied', () => picture().withIccProfile('p3').png()],
    ['an orientation that is not applied', () => picture().withMetadata({ orientation: 6 }).png()],
  ])('%s', async (_, encoder) => {
    const file = await encoder().toBuffer();
    const { data } = await sharp(file, { ignoreIcc: true }).removeAlpha().raw().toBuffer({
      resolveWithObject: true,
    });
    expect((await decodeImage('image', file, size)).data).toEqual(new Uint8Array(data));
  });

  test('grey with opaque alpha', async () => {
    const grey = sharp(samples.subarray(0, 24), { raw: { ...size, channels: 1 } });
    const file = await grey.ensureAlpha().toColourspace('b-w').png().toBuffer();
    const { data } = await decodeImage('image', file, size);
    expect(data.filter((_, i) => i % 3 === 1)).toEqual(samples.slice(0, 24));
  });
});

describe('refused, naming the file', () => {
  const refusal = (reason: RegExp) =>
    expect.objectContaining({
      code: 'INVALID_INPUT',
      details: { field: 'mask', reason: expect.stringMatching(reason) },
    });

  test.each<[string, unknown, RegExp]>([
    ['no bytes', undefined, /not the bytes/],
    ['a string', 'png', /not the bytes/],
    ['an empty file', new Uint8Array(), /not a PNG or JPEG/],
    ['a text', new TextEncoder().encode('<svg width="6" height="4"/>'), /not a PNG or JPEG/],
    ['a truncated file', png.slice(0, -20), /damaged/],
    ['a header alone', png.slice(0, 33), /damaged/],
    ['a damaged file', flipped(png, png.length - 30), /damaged/],
    ['too many bytes', new Uint8Array((1 << 20) + 97), /more than 1048672/],
    ['huge sides', withSize(png, 2 ** 31 - 1, 2 ** 31 - 1), /damaged/],
    ['a bomb', bomb(), /16000 x 16000 pixels instead of 6 x 4/],
  ])('%s', async (_, file, reason) => {
    await expect(decodeImage('mask', file as Uint8Array, size)).rejects.toThrow(refusal(reason));
  });

  test.each([
    ['another size', () => picture().extend({ right: 1 }).png(), /7 x 4 pixels instead of 6 x 4/],
    ['sides exchanged', () => picture().rotate(90).png(), /4 x 6 pixels instead of 6 x 4/],
    ['transparency', () => picture().ensureAlpha(0.5).png(), /transparent/],
    ['16 bits', () => picture().toColourspace('rgb16').png(), /not 8 bits/],
    ['CMYK', () => picture().toColourspace('cmyk').jpeg(), /not 8 bits/],
    ['WebP', () => picture().webp(), /not a PNG or JPEG/],
    ['GIF', () => picture().gif(), /not a PNG or JPEG/],
    ['TIFF', () => picture().tiff(), /not a PNG or JPEG/],
  ])('%s', async (_, encoder, reason) => {
    const file = await encoder().toBuffer();
    await expect(decodeImage('mask', file, size)).rejects.toThrow(refusal(reason));
  });

  test('whatever the bytes, either they are pixels or the file is named', async () => {
    const damage = fc.record({ at: fc.nat(png.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { maxLength: 4 }), async (changes) => {
        const file = png.slice();
        for (const { at, byte } of changes) file[at] = byte;
        const outcome = await decodeImage('mask', file, size).catch((error: unknown) => error);
        if ('data' in (outcome as object)) expect(outcome).toMatchObject(size);
        else expect(outcome).toMatchObject({ details: { field: 'mask' } });
      }),
    );
  });
});

function flipped(file: Uint8Array, at: number): Uint8Array {
  return file.map((byte, i) => (i === at ? byte ^ 0x55 : byte));
}

/** The file with other sides in its header, checksum and all. */
function withSize(file: Uint8Array, width: number, height: number): Uint8Array {
  const changed = Buffer.from(file);
  changed.writeUInt32BE(width, 16);
  changed.writeUInt32BE(height, 20);
  changed.writeUInt32BE(crc32(changed.subarray(12, 29)), 29);
  return changed;
}

/** A few kilobytes that claim 768 MB of pixels. */
function bomb(): Uint8Array {
  const scanlines = deflateSync(Buffer.alloc(1 << 22));
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('IDAT'), scanlines, Buffer.alloc(4)]);
  chunk.writeUInt32BE(scanlines.length);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return Buffer.concat([withSize(png, 16_000, 16_000).subarray(0, 33), chunk, png.slice(-12)]);
}
