import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unzipped } from '../../src/pictures/unzip.ts';
import { readTar, TarError } from '../../src/tar/reader.ts';
import { runPython, withoutPython } from '../support/python.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-tar-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly error: unknown;
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Outcome> {
  const files: { name: string; text: string }[] = [];
  try {
    for await (const { name, bytes } of readTar(unzipped(chunks), () => true)) {
      files.push({ name, text: Buffer.from(bytes ?? []).toString('latin1') });
    }
    return { files, error: undefined };
  } catch (error) {
    return { files, error };
  }
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Files of awkward names and sizes, and a folder and links between them. */
const WRITE = `
import io, sys, tarfile
formats = dict(ustar=tarfile.USTAR_FORMAT, gnu=tarfile.GNU_FORMAT, pax=tarfile.PAX_FORMAT)
with tarfile.open(sys.argv[1], sys.argv[3], format=formats[sys.argv[2]]) as tar:
    def add(name, kind=tarfile.REGTYPE, data=b"", link=""):
        info = tarfile.TarInfo(name)
        info.type, info.size, info.linkname = kind, len(data), link
        tar.addfile(info, io.BytesIO(data))
    add("folder", tarfile.DIRTYPE)
    for size in (0, 1, 511, 512, 513, 5000):
        add(f"folder/{size}.png", data=bytes(n % 251 for n in range(size)))
    add("link.png", tarfile.SYMTYPE, link="folder/1.png")
    add("hard.png", tarfile.LNKTYPE, link="folder/1.png")
    add("a" * 60 + "/" + "b" * 90 + ".png", data=b"split name")
    if sys.argv[2] != "ustar":
        add("c" * 300 + ".png", data=b"long name")
        add("long-link", tarfile.SYMTYPE, link="d" * 300)
    add("\\u00fc\\u4e2d.png", data=b"unicode")
`;

const EXPECTED = [
  ...[0, 1, 511, 512, 513, 5000].map((size) => ({
    name: `folder/${size}.png`,
    text: String.fromCharCode(...Array.from({ length: size }, (_, n) => n % 251)),
  })),
  { name: `${'a'.repeat(60)}/${'b'.repeat(90)}.png`, text: 'split name' },
  { name: `${'c'.repeat(300)}.png`, text: 'long name' },
  { name: 'ü中.png', text: 'unicode' },
];

describe.skipIf(withoutPython)("archives of Python's tarfile", () => {
  test.each([
    ['ustar', 'w'],
    ['gnu', 'w'],
    ['pax', 'w'],
    ['pax', 'w:gz'],
  ])('%s, %s', async (format, mode) => {
    const path = join(folder, `${format}-${mode.length}.tar`);
    runPython(WRITE, path, format, mode);
    const expected = EXPECTED.filter(({ text }) => format !== 'ustar' || text !== 'long name');
    const { files, error } = await read(createReadStream(path));
    expect(error).toBeUndefined();
    expect(files).toEqual(expected);
    // However the bytes come in.
    const bytes = await readFile(path);
    for (const size of [1, 7, 512, 4096]) {
      expect((await read(inPieces(bytes, size))).files).toEqual(expected);
    }
  });

  test('cut short anywhere: whole files, then an error that says where', async () => {
    const path = join(folder, 'whole.tar');
    runPython(WRITE, path, 'gnu', 'w');
    const whole = await readFile(path);
    const end = whole.findLastIndex((byte) => byte !== 0);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: end }), async (kept) => {
        const { files, error } = await read(inPieces(whole.subarray(0, kept), 1000));
        expect(files).toEqual(EXPECTED.slice(0, files.length));
        expect(error).toBeInstanceOf(TarError);
      }),
    );
  });

  test('gzip cut short', async () => {
    const path = join(folder, 'zipped.tar');
    runPython(WRITE, path, 'gnu', 'w');
    const whole = gzipSync(await readFile(path));
    for (const kept of [3, 10, 100, whole.length - 1]) {
      const { error } = await read(inPieces(whole.subarray(0, kept), 64));
      expect(error).toBeInstanceOf(TarError);
    }
  });
});

/** A header by hand, for archives that no tool would write. */
function header(name: string, size: string, type = '0'): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write(size, 124);
  block.fill(' ', 148, 156);
  block.write(type, 156);
  block.write('ustar', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(sum.toString(8).padStart(6, '0'), 148);
  return block;
}

describe('hostile archives', () => {
  const padded = (text: string) =>
    Buffer.concat([Buffer.from(text)], Math.ceil(text.length / 512) * 512);

  test.each([
    ['text', Buffer.alloc(1024, 'x'), 'no tar header at byte 0'],
    ['a size that is none', header('a', '99999999999'), 'a size that is no number at byte 0'],
    ['a negative size', header('a', '-1'), 'a size that is no number'],
    ['a name of 8 GiB', header('a', '77777777777', 'L'), 'more than 1048576 bytes of name'],
    ['pax records of 8 GiB', header('a', '77777777777', 'x'), 'more than 1048576 bytes of name'],
    ['a file that claims more than there is', header('a', '00000001000'), 'truncated at byte 512'],
    [
      'pax records without end',
      Buffer.concat([header('x', '7', 'x'), padded('9 a=b\nx')]),
      'malformed pax records',
    ],
    [
      'pax records of length 0',
      Buffer.concat([header('x', '6', 'x'), padded('0 a=b\n')]),
      'malformed pax records',
    ],
    [
      'a pax size that is none',
      Buffer.concat([header('x', '13', 'x'), padded('11 size=-1\n')]),
      'a size that is no number',
    ],
    ['no end mark', Buffer.concat([header('a', '0')]), 'ends without an end mark at byte 512'],
  ])('%s', async (_, bytes, reason) => {
    const { error } = await read(inPieces(bytes, 512));
    expect(error).toBeInstanceOf(TarError);
    expect((error as TarError).message).toContain(reason);
  });

  test('any bytes end in files or in an error, never in anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        const { error } = await read(inPieces(bytes, 512));
        expect(error === undefined || error instanceof TarError).toBe(true);
      }),
    );
  });

  test('a file that is not there is an error of the archive', async () => {
    const { error } = await read(createReadStream(join(folder, 'none.tar')));
    expect(error).toBeInstanceOf(TarError);
  });

  test('what is not wanted is not held', async () => {
    const sizes: (number | undefined)[] = [];
    await writeFile(
      join(folder, 'two.tar'),
      Buffer.concat([
        header('a', '3'),
        padded('abc'),
        header('b', '2'),
        padded('de'),
        Buffer.alloc(1024),
      ]),
    );
    const chunks = createReadStream(join(folder, 'two.tar'));
    for await (const { bytes } of readTar(chunks, ({ size }) => size < 3))
      sizes.push(bytes?.length);
    expect(sizes).toEqual([undefined, 2]);
  });
});
