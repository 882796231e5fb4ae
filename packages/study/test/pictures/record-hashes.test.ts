import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { hashAt } from '@semblance/perceptual-hash/hamming/hash-set';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHashFile } from '../../src/hash-file.ts';
import { hashPictures } from '../../src/pictures/hash-pictures.ts';
import { HASH_NAMES, parseRecord } from '../../src/pictures/record.ts';
import { picturesIn } from '../../src/pictures/sources.ts';
import { manyPictures, writeAll } from '../support/pictures.ts';

let folder: string;
let out: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-records-test-'));
  out = join(folder, 'hashes.jsonl');
  await writeAll(join(folder, 'images'), await manyPictures(20));
  await hashPictures({ pictures: picturesIn([join(folder, 'images')]), out });
});
afterAll(() => rm(folder, { recursive: true }));

test.each(HASH_NAMES)('the %s hashes of a file of records, as 64 bits', async (name) => {
  const records = (await readFile(out, 'utf8')).trimEnd().split('\n').map(parseRecord);
  const set = await readHashFile(out, name);
  expect(set.bits).toBe(64);
  expect(Array.from({ length: set.count }, (_, i) => toHex(hashAt(set, i)))).toEqual(
    records.map((record) => record?.[name].padStart(16, '0')),
  );
});

describe('a file that is not as it was written', () => {
  test.each([
    ['cut short', (text: string) => text.slice(0, -1), 'truncated after line 19'],
    [
      'changed',
      (text: string) => text.replace(/"bytes":\d/, '"bytes":x'),
      'line 1: no whole record',
    ],
    ['with a line too many', (text: string) => `${text}abc\n`, 'line 21: no whole record'],
  ])('%s', async (_, change, reason) => {
    const path = join(folder, 'changed.jsonl');
    await writeFile(path, change(await readFile(out, 'utf8')));
    await expect(readHashFile(path)).rejects.toThrow(reason);
  });
});
