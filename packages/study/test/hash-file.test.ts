import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_HASHES } from '@semblance/perceptual-hash/hamming/hash-set';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHashFile } from '../src/hash-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-hash-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Uint8Array) {
  const path = join(folder, 'hashes');
  await writeFile(path, content);
  return readHashFile(path);
}

const message = (reading: Promise<unknown>) =>
  reading.then(
    () => 'read',
    (error: Error) => error.message.replace(join(folder, 'hashes'), 'FILE'),
  );

describe('hex', () => {
  test('one hash a line, either case, either line end, blank lines between', async () => {
    const set = await read('00ff00ff00ff00ff\r\n\nABCDEFabcdef0123\n\n');
    expect(set).toMatchObject({ bits: 64, count: 2 });
    expect(Buffer.from(set.bytes).toString('hex')).toBe('00ff00ff00ff00ffabcdefabcdef0123');
  });

  test.each([64, 128, 192, 256])('any number of %i-bit hashes', async (bits) => {
    const hash = fc.uint8Array({ minLength: bits / 8, maxLength: bits / 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(hash, { minLength: 1 }), fc.boolean(), async (hashes, ended) => {
        const lines = hashes.map((bytes) => Buffer.from(bytes).toString('hex')).join('\n');
        const set = await read(ended ? `${lines}\n` : lines);
        expect(set).toMatchObject({ bits, count: hashes.length });
        expect(Buffer.from(set.bytes)).toEqual(Buffer.concat(hashes));
      }),
      { numRuns: 20 },
    );
  });

  test('more than a chunk', async () => {
    const lines = Array.from({ length: 70_000 }, (_, n) => n.toString(16).padStart(16, '0'));
    const set = await read(lines.join('\n'));
    expect(set.count).toBe(70_000);
    expect(Buffer.from(set.bytes.subarray(69_999 * 8)).toString('hex')).toBe(lines[69_999]);
  });

  test.each([
    ['0123456789abcdef\n0123', 'line 2: 4 digits, but 16 in the first line: mixed lengths'],
    [
      `0123456789abcdef\n${'0'.repeat(32)}\n`,
      'line 2: more than the 16 digits of the first line: mixed lengths',
    ],
    ['0123456789abcdef\nnot a hash at all\n', 'line 2: not hexadecimal'],
    ['0123\n', 'line 1: 4 digits: hashes have 16, 32, 48 or 64'],
    ['0'.repeat(65), 'line 1: more than 64 digits'],
    ['\n\n\n', 'no hash in it'],
  ])('%j is refused', async (content, reason) => {
    expect(await message(read(content))).toBe(`FILE: ${reason}`);
  });
});

describe('raw', () => {
  test('64-bit integers', async () => {
    const bytes = Uint8Array.from({ length: 80 }, (_, n) => (n * 37) & 255);
    const set = await read(bytes);
    expect(set).toMatchObject({ bits: 64, count: 10 });
    expect(set.bytes).toEqual(bytes);
  });

  test('a truncated file is refused', async () => {
    expect(await message(read(new Uint8Array(81)))).toBe(
      'FILE: truncated: 81 bytes are no whole number of 64-bit hashes',
    );
  });
});

test('an empty file, an absent one and a folder are refused', async () => {
  expect(await message(read(''))).toBe('FILE: empty');
  expect(await message(readHashFile(join(folder, 'absent')))).toMatch('no such file');
  await expect(readHashFile(folder)).rejects.toThrow(`${folder}: not a file`);
});

test('a file longer than the most hashes there can be is refused unread', async () => {
  const path = join(folder, 'sparse');
  await writeFile(path, '');
  await truncate(path, MAX_HASHES * 66 + 1);
  await expect(readHashFile(path)).rejects.toThrow(`more than ${MAX_HASHES * 66} bytes`);
});
