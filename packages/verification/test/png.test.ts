import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import type { Image } from '@semblance/perceptual-hash/image';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePng, PngError } from '../src/png.ts';

const limits = { maxPixels: 1_000_000, maxFileBytes: 1_000_000 };
const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const colorTypes = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;

function chunk(type: string, data: Uint8Array): Buffer {
  const framed = Buffer.alloc(12 + data.length);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, 'latin1');
  framed.set(data, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + data.length)), 8 + data.length);
  return framed;
}

function header(image: Pick<Image, 'width' | 'height' | 'channels'>, changes: number[] = []) {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(image.width, 0);
  data.writeUInt32BE(image.height, 4);
  data.set([8, colorTypes[image.channels], 0, 0, 0], 8);
  data.set(changes, 8);
  return data;
}

/** Rows filtered as asked, by the definitions of the specification. */
function filterRows({ width, height, channels, data }: Image, filterOf: (y: number) => number) {
  const stride = width * channels;
  const at = (x: number, y: number) => (x < 0 || y < 0 ? 0 : (data[y * stride + x] as number));
  const rows = Buffer.alloc(height * (1 + stride));
  for (let y = 0; y < height; y++) {
    rows[y * (1 + stride)] = filterOf(y);
    for (let x = 0; x < stride; x++) {
      const a = at(x - channels, y);
      const b = at(x, y - 1);
      const c = at(x - channels, y - 1);
      const p = a + b - c;
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      const predicted = [0, a, b, Math.floor((a + b) / 2), paeth][filterOf(y)] ?? 0;
      rows[y * (1 + stride) + 1 + x] = at(x, y) - predicted;
    }
  }
  return rows;
}

function encode(image: Image, filterOf: (y: number) => number = () => 0): Buffer {
  return Buffer.concat([
    signature,
    chunk('IHDR', header(image)),
    chunk('IDAT', deflateSync(filterRows(image, filterOf))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const images: fc.Arbitrary<Image> = fc
  .tuple(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 20 }),
    fc.constantFrom(1, 2, 3, 4),
  )
  .chain(([width, height, channels]) => {
    const length = width * height * channels;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data) => ({ width, height, channels: channels as Image['channels'], data }));
  });

const sample: Image = {
  width: 9,
  height: 7,
  channels: 3,
  data: Uint8Array.from({ length: 9 * 7 * 3 }, (_, i) => (i * i) & 255),
};

/** The code of the error; anything thrown that is no PngError fails the test. */
function refusal(file: Uint8Array, within = limits): string {
  try {
    decodePng(file, within);
  } catch (error) {
    if (error instanceof PngError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a good file', () => {
  test('of each colour type, made by sharp, gives the pixels that went in', async () => {
    for (const channels of [1, 2, 3, 4] as const) {
      for (const [width, height] of [
        [1, 1],
        [1, 50],
        [50, 1],
        [37, 23],
        [256, 256],
      ] as const) {
        const data = Uint8Array.from({ length: width * height * channels }, (_, i) =>
          Math.floor(128 + 100 * Math.sin(i / 50) + ((i * 7919) % 23)),
        );
        for (const options of [{}, { adaptiveFiltering: true }, { compressionLevel: 0 }]) {
          const file = await sharp(data, { raw: { width, height, channels } })
            .toColourspace(channels < 3 ? 'b-w' : 'srgb')
            .png({ ...options, palette: false })
            .toBuffer();
          expect(decodePng(file, limits)).toEqual({ width, height, channels, data });
        }
      }
    }
  });

  test('with any filter on any row gives the pixels that went in, to us and to sharp', async () => {
    await fc.assert(
      fc.asyncProperty(
        images,
        fc.array(fc.nat({ max: 4 }), { minLength: 20, maxLength: 20 }),
        async (image, filters) => {
          const file = encode(image, (y) => filters[y] as number);
          expect(decodePng(file, limits)).toEqual(image);
          if (image.channels < 3) return; // sharp does not write raw grey with alpha
          const { data } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
          expect(new Uint8Array(data)).toEqual(image.data);
        },
      ),
    );
  });

  const folder = new URL('../../../vectors/perceptual-hash/', import.meta.url);
  const vectors = JSON.parse(readFileSync(new URL('hashes.json', folder), 'utf8')) as {
    images: { file: string; pixels: string }[];
  };
  const pngs = vectors.images.filter(({ file }) => file.endsWith('.png'));

  test(`of ${pngs.length} vectors gives the pixels that Pillow decodes`, () => {
    for (const { file, pixels } of pngs) {
      const image = decodePng(readFileSync(new URL(`images/${file}`, folder)), limits);
      expect(toHex(sha256(image.data)), file).toBe(pixels);
    }
  });

  test('may have its data in many chunks, some empty, and ancillary chunks around them', () => {
    const stream = deflateSync(filterRows(sample, () => 4));
    const pieces = [...stream].map((byte) => chunk('IDAT', Buffer.of(byte)));
    const file = Buffer.concat([
      signature,
      chunk('IHDR', header(sample)),
      chunk('tEXt', Buffer.from('Comment\0a receipt')),
      chunk('IDAT', Buffer.alloc(0)),
      ...pieces,
      chunk('smBl', Buffer.alloc(300)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
    expect(decodePng(file, limits)).toEqual(sample);
  });

  test('may be a view into a larger buffer', () => {
    const file = encode(sample);
    const shifted = Buffer.concat([Buffer.alloc(3), file, Buffer.alloc(5)]);
    expect(decodePng(shifted.subarray(3, 3 + file.length), limits)).toEqual(sample);
  });
});

describe('a file is refused', () => {
  const idat = deflateSync(filterRows(sample, () => 0));
  const parts = {
    IHDR: chunk('IHDR', header(sample)),
    IDAT: chunk('IDAT', idat),
    IEND: chunk('IEND', Buffer.alloc(0)),
  };
  const file = (...chunks: Buffer[]) => Buffer.concat([signature, ...chunks]);
  const withHeader = (...changes: number[]) =>
    file(chunk('IHDR', header(sample, changes)), parts.IDAT, parts.IEND);
  const withData = (data: Uint8Array) => file(parts.IHDR, chunk('IDAT', data), parts.IEND);
  const { IHDR, IDAT, IEND } = parts;
  const text = chunk('tEXt', Buffer.alloc(1));
  const rows = filterRows(sample, () => 0);
  const badChecksum = Buffer.from(idat);
  badChecksum[badChecksum.length - 1] = (badChecksum.at(-1) as number) ^ 1;

  const cases: [string, string, Uint8Array][] = [
    ['PNG_TRUNCATED', 'empty', new Uint8Array(0)],
    ['PNG_TRUNCATED', 'nothing but a signature', signature],
    ['PNG_BAD_SIGNATURE', 'a JPEG', Buffer.from('ffd8ffe000104a46494600010100', 'hex')],
    ['PNG_BAD_SIGNATURE', 'line ends changed', Buffer.from('89504e470a1a0a', 'hex')],
    ['PNG_BAD_CRC', 'a wrong checksum', Buffer.concat([file(IHDR, IDAT), IEND.with(11, 0)])],
    ['PNG_BAD_DATA', 'no IHDR', file(IDAT, IEND)],
    ['PNG_BAD_DATA', 'two IHDR', file(IHDR, IHDR, IDAT, IEND)],
    ['PNG_BAD_DATA', 'a chunk before IHDR', file(text, IHDR, IDAT, IEND)],
    ['PNG_BAD_DATA', 'a short IHDR', file(chunk('IHDR', Buffer.alloc(12)), IDAT, IEND)],
    ['PNG_BAD_DATA', 'no IDAT', file(IHDR, IEND)],
    ['PNG_BAD_DATA', 'IDAT apart', file(IHDR, IDAT, text, IDAT, IEND)],
    ['PNG_BAD_DATA', 'IDAT twice', file(IHDR, IDAT, IDAT, IEND)],
    ['PNG_TRUNCATED', 'no IEND', file(IHDR, IDAT)],
    ['PNG_BAD_DATA', 'a full IEND', file(IHDR, IDAT, chunk('IEND', Buffer.of(1)))],
    ['PNG_BAD_DATA', 'a byte after IEND', Buffer.concat([file(IHDR, IDAT, IEND), Buffer.of(0)])],
    ['PNG_BAD_DATA', 'two IEND', file(IHDR, IDAT, IEND, IEND)],
    ['PNG_BAD_DATA', 'a reserved chunk name', file(IHDR, chunk('text', idat), IDAT, IEND)],
    ['PNG_BAD_DATA', 'no chunk name', file(IHDR, chunk('1234', idat), IDAT, IEND)],
    ['PNG_BAD_DATA', 'a chunk of 2^31 bytes', file(IHDR, Buffer.alloc(20, 0x80))],
    ['PNG_UNSUPPORTED', 'a critical chunk', file(IHDR, chunk('NEWS', idat), IDAT, IEND)],
    ['PNG_UNSUPPORTED', 'a palette', file(IHDR, chunk('PLTE', Buffer.alloc(3)), IDAT, IEND)],
    ['PNG_UNSUPPORTED', 'transparency', file(IHDR, chunk('tRNS', Buffer.alloc(6)), IDAT, IEND)],
    ['PNG_UNSUPPORTED', 'animation', file(IHDR, chunk('acTL', Buffer.alloc(8)), IDAT, IEND)],
    ['PNG_UNSUPPORTED', '65 ancillary chunks', file(IHDR, ...Array(65).fill(text), IDAT, IEND)],
    ['PNG_UNSUPPORTED', '16 bits', withHeader(16)],
    ['PNG_UNSUPPORTED', '4 bits', withHeader(4)],
    ['PNG_UNSUPPORTED', 'palette colour', withHeader(8, 3)],
    ['PNG_UNSUPPORTED', 'no such colour type', withHeader(8, 255)],
    ['PNG_UNSUPPORTED', 'another compression', withHeader(8, 2, 1)],
    ['PNG_UNSUPPORTED', 'another filter method', withHeader(8, 2, 0, 1)],
    ['PNG_UNSUPPORTED', 'interlaced', withHeader(8, 2, 0, 0, 1)],
    ['PNG_BAD_DATA', 'a filter above 4', withData(deflateSync(rows.fill(5, 0, 1)))],
    [
      'PNG_BAD_DATA',
      'a byte too many',
      withData(deflateSync(Buffer.concat([rows, rows.subarray(0, 1)]))),
    ],
    ['PNG_BAD_DATA', 'a byte too few', withData(deflateSync(rows.subarray(1)))],
    [
      'PNG_BAD_DATA',
      'bytes after the compressed data',
      withData(Buffer.concat([idat, Buffer.of(0)])),
    ],
    ['PNG_BAD_DATA', 'a wrong checksum of the pixels', withData(badChecksum)],
    ['PNG_TRUNCATED', 'compressed data cut off', withData(idat.subarray(0, -5))],
    ['PNG_TRUNCATED', 'empty compressed data', withData(Buffer.alloc(0))],
  ];

  test.each(cases)('%s: %s', (code, _, bytes) => {
    expect(refusal(bytes)).toBe(code);
  });

  test.each([
    [0, 1],
    [1, 0],
    [2 ** 31, 1],
    [1, 2 ** 32 - 1],
  ])('PNG_BAD_DATA: %d x %d pixels', (width, height) => {
    const bytes = file(chunk('IHDR', header({ width, height, channels: 1 })), IDAT, IEND);
    expect(refusal(bytes)).toBe('PNG_BAD_DATA');
  });

  test('PNG_TOO_LARGE: a byte or a pixel above the limits, and not at them', () => {
    const bytes = encode(sample);
    const exact = { maxPixels: 63, maxFileBytes: bytes.length };
    expect(decodePng(bytes, exact)).toEqual(sample);
    expect(refusal(bytes, { ...exact, maxPixels: 62 })).toBe('PNG_TOO_LARGE');
    expect(refusal(bytes, { ...exact, maxFileBytes: bytes.length - 1 })).toBe('PNG_TOO_LARGE');
    const vast = header({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, channels: 4 });
    expect(refusal(file(chunk('IHDR', vast), IDAT, IEND))).toBe('PNG_TOO_LARGE');
  });

  test('wherever it is cut', () => {
    const bytes = encode(sample);
    for (let end = 0; end < bytes.length; end++) {
      expect(refusal(bytes.subarray(0, end))).toBe('PNG_TRUNCATED');
    }
  });

  test('whichever bit is flipped', () => {
    const bytes = encode(sample);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.with(bit >> 3, (bytes[bit >> 3] as number) ^ (1 << (bit & 7)));
      expect(refusal(damaged)).toMatch(/^PNG_/);
    }
  });

  test('as a bomb, in little time and memory', () => {
    const wide = { maxPixels: 2 ** 30, maxFileBytes: 2 ** 30 };
    const bomb = deflateSync(Buffer.alloc(50_000_000), { level: 9 });
    const small = file(IHDR, chunk('IDAT', bomb), IEND);
    const empty = file(
      chunk('IHDR', header({ width: 30_000, height: 30_000, channels: 4 })),
      chunk('IDAT', deflateSync(Buffer.alloc(100))),
      IEND,
    );
    const before = process.memoryUsage().arrayBuffers;
    const start = performance.now();
    expect(refusal(small, wide)).toBe('PNG_BAD_DATA');
    expect(refusal(empty, wide)).toBe('PNG_TRUNCATED');
    expect(performance.now() - start).toBeLessThan(1000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
  });

  test('as a flood of empty chunks', () => {
    const flood = Buffer.concat(Array(70_000).fill(chunk('IDAT', Buffer.alloc(0))));
    expect(refusal(file(IHDR, flood, IEND))).toBe('PNG_UNSUPPORTED');
  });
});

describe('hostile bytes give nothing but a PngError', () => {
  test('at random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isSigned) => {
        expect(refusal(isSigned ? Buffer.concat([signature, bytes]) : bytes)).toMatch(/^PNG_/);
      }),
      { numRuns: 1000 },
    );
  });

  test('in chunks with right checksums', () => {
    const type = fc.constantFrom('IHDR', 'IDAT', 'IEND', 'PLTE', 'tEXt', 'zzZz');
    const chunks = fc.array(
      fc.tuple(type, fc.uint8Array({ maxLength: 30 })).map(([name, data]) => chunk(name, data)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(images, chunks, (image, rest) => {
        const bytes = Buffer.concat([signature, chunk('IHDR', header(image)), ...rest]);
        expect(refusal(bytes)).toMatch(/^PNG_/);
      }),
      { numRuns: 1000 },
    );
  });

  test('in good files whose header or data was changed and signed anew', () => {
    fc.assert(
      fc.property(
        images,
        fc.nat(),
        fc.nat({ max: 255 }),
        fc.boolean(),
        (image, at, value, inHeader) => {
          const head = header(image);
          const data = deflateSync(filterRows(image, (y) => y % 5));
          const target = inHeader ? head : data;
          target[at % target.length] = value;
          const bytes = Buffer.concat([
            signature,
            chunk('IHDR', head),
            chunk('IDAT', data),
            chunk('IEND', Buffer.alloc(0)),
          ]);
          expect(refusal(bytes)).toMatch(/^PNG_|^accepted$/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('wrong use', () => {
  test.each([
    ['limits.maxPixels', encode(sample), { ...limits, maxPixels: Number.NaN }],
    ['limits.maxPixels', encode(sample), { ...limits, maxPixels: 0 }],
    ['limits.maxFileBytes', encode(sample), { ...limits, maxFileBytes: Number.POSITIVE_INFINITY }],
    ['limits.maxFileBytes', encode(sample), { ...limits, maxFileBytes: -1 }],
    ['file', 'a path.png', limits],
    ['file', null, limits],
  ])('%s', (field, bytes, within) => {
    const decode = () => decodePng(bytes as Uint8Array, within);
    expect(decode).toThrow(InvalidInputError);
    expect(decode).toThrow(field);
  });
});
