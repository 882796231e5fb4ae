import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HashReport, hashPictures, skippedFile } from '../../src/pictures/hash-pictures.ts';
import { parseRecord } from '../../src/pictures/record.ts';
import {
  type Picture,
  picturesIn,
  picturesInTar,
  type Skipped,
} from '../../src/pictures/sources.ts';
import { manyPictures, pngOf, writeAll } from '../support/pictures.ts';
import { tarOf } from '../support/tar.ts';

let folder: string;
let files: Map<string, Buffer>;
let reference: string;
let made = 0;
const newFile = () => join(folder, `out-${made++}.jsonl`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-pictures-test-'));
  files = await manyPictures(60);
  await writeAll(join(folder, 'images'), files);
  const out = newFile();
  await hash([...files], { out, threads: 1 });
  reference = await readFile(out, 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));

async function* stream(pictures: Iterable<[string, Uint8Array]>): AsyncGenerator<Picture> {
  for (const [path, bytes] of pictures) yield { path, content: { bytes } };
}

function hash(
  pictures: [string, Uint8Array][] | AsyncIterable<Picture | Skipped>,
  options: { out: string; threads?: number; signal?: AbortSignal },
): Promise<HashReport> {
  return hashPictures({
    pictures: Array.isArray(pictures) ? stream(pictures) : pictures,
    ...options,
  });
}

const pathsIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => parseRecord(line)?.path);

describe('the same file of hashes', () => {
  test('is sorted by path and each record checks itself', () => {
    expect(pathsIn(reference)).toEqual([...files.keys()].sort());
    for (const line of reference.trimEnd().split('\n')) {
      expect(parseRecord(line.replace(/"average":"./, '"average":"x'))).toBeUndefined();
      expect(parseRecord(line.slice(0, -1))).toBeUndefined();
    }
  });

  test.each([1, 2, 3])('for any order, on %i threads', async (threads) => {
    const order = fc.shuffledSubarray([...files], { minLength: files.size });
    await fc.assert(
      fc.asyncProperty(order, async (pictures) => {
        const out = newFile();
        await hash(pictures, { out, threads });
        expect(await readFile(out, 'utf8')).toBe(reference);
      }),
      { numRuns: 3 },
    );
  });

  test('from a folder, a tar archive, and one in gzip', async () => {
    const [tar, zipped] = [join(folder, 'all.tar'), join(folder, 'all.tar.gz')];
    await writeFile(tar, tarOf([...files].reverse()));
    await writeFile(zipped, gzipSync(tarOf([...files])));
    for (const source of [join(folder, 'images'), tar, zipped]) {
      const out = newFile();
      expect(await hash(picturesIn([source]), { out })).toMatchObject({ hashed: 60 });
      const records = (await readFile(out, 'utf8')).trimEnd().split('\n').map(parseRecord);
      const inside = records.map((record) => ({
        ...record,
        path: record?.path.slice(source.length + 1),
      }));
      expect(inside).toEqual(reference.trimEnd().split('\n').map(parseRecord));
    }
  });
});

describe('taken up again', () => {
  test('from whatever a dying process left', async () => {
    const out = newFile();
    const lines = reference.trimEnd().split('\n');
    const leftover = fc.record({
      order: fc.shuffledSubarray(lines),
      cut: fc.nat({ max: 400 }),
      flipped: fc.option(fc.nat()),
    });
    await fc.assert(
      fc.asyncProperty(leftover, async ({ order, cut, flipped }) => {
        const bytes = Buffer.from(order.map((line) => `${line}\n`).join(''));
        if (flipped !== null && bytes.length > 0) {
          const at = flipped % bytes.length;
          bytes[at] = (bytes[at] as number) ^ 1;
        }
        await rm(out, { force: true });
        await writeFile(`${out}.partial`, bytes.subarray(0, Math.max(0, bytes.length - cut)));
        const report = await hash([...files], { out, threads: 2 });
        expect(report.hashed + report.unchanged).toBe(60);
        expect(await readFile(out, 'utf8')).toBe(reference);
        expect(existsSync(`${out}.partial`)).toBe(false);
      }),
      { numRuns: 12 },
    );
  });

  test('hashes only what is new or changed, and drops what is gone', async () => {
    const out = newFile();
    const [first, second, ...rest] = [...files] as [[string, Buffer], [string, Buffer]];
    await hash([first, second], { out });
    const changed: [string, Buffer] = [second[0], await pngOf(1000)];
    expect(await hash([first, changed], { out })).toEqual({ hashed: 1, unchanged: 1, skipped: {} });
    expect(await hash([changed, ...rest], { out })).toMatchObject({ hashed: 58, unchanged: 1 });
    expect(pathsIn(await readFile(out, 'utf8'))).toEqual(
      [...files.keys()].sort().filter((path) => path !== first[0]),
    );
    expect(await hash([...files], { out })).toMatchObject({ hashed: 2, unchanged: 58 });
    expect(await readFile(out, 'utf8')).toBe(reference);
  });

  test('after an interruption, which keeps what was done', async () => {
    const out = newFile();
    const stop = new AbortController();
    let given = 0;
    async function* interrupted() {
      for await (const picture of stream(files)) {
        if (++given === 40) stop.abort(new Error('stopped'));
        yield picture;
      }
    }
    await expect(hash(interrupted(), { out, signal: stop.signal })).rejects.toThrow('stopped');
    expect(existsSync(out)).toBe(false);
    const { hashed, unchanged } = await hash([...files], { out });
    expect(unchanged).toBeGreaterThan(20);
    expect(hashed + unchanged).toBe(60);
    expect(await readFile(out, 'utf8')).toBe(reference);
  });

  test('but not by two processes at once', async () => {
    const out = newFile();
    let second: unknown;
    async function* pictures() {
      yield* stream([...files].slice(0, 3));
      second = await hash([...files], { out }).catch((error) => error);
    }
    await hash(pictures(), { out });
    expect(second).toMatchObject({ code: 'IN_USE' });
    expect(await hash([...files], { out })).toMatchObject({ unchanged: 3 });
  });
});

describe('what cannot be hashed', () => {
  test('is counted by reason, and the rest is hashed', async () => {
    const bad = join(folder, 'bad');
    const png = await pngOf(1);
    await writeAll(bad, [
      ['good.png', png],
      ['text.jpg', Buffer.from('this is text')],
      ['empty.png', Buffer.alloc(0)],
      ['cut.png', png.subarray(0, png.length / 2)],
      ['cut.tar', tarOf([['inside.png', png]]).subarray(0, 1024)],
      [
        'archive.tar',
        tarOf([
          ['a.png', png],
          ['a.png', png],
          ['notes.txt', png],
          ['b.jpg', Buffer.from('x')],
        ]),
      ],
      ['notes.txt', Buffer.from('no picture by its name')],
      ['locked.png', png],
    ]);
    symlinkSync(bad, join(bad, 'round'));
    symlinkSync(join(bad, 'good.png'), join(bad, 'link.png'));
    symlinkSync(join(bad, 'nowhere'), join(bad, 'dead.png'));
    chmodSync(join(bad, 'locked.png'), 0);
    spawnSync('mkfifo', [join(bad, 'pipe.png')]);
    const isRoot = process.getuid?.() === 0;
    const out = newFile();
    const report = await hash(picturesIn([bad]), { out, threads: 2 });
    expect(report).toEqual({
      hashed: isRoot ? 4 : 3,
      unchanged: 0,
      skipped: {
        'not-a-picture': 2,
        empty: 1,
        damaged: 1,
        'damaged-tar': 1,
        repeated: 1,
        'linked-folder': 1,
        unreadable: isRoot ? 1 : 2,
      },
    });
    const skipped = readFileSync(skippedFile(out), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Skipped);
    expect(skipped.find(({ fault }) => fault === 'damaged-tar')).toMatchObject({
      path: `${bad}/cut.tar`,
      reason: 'truncated at byte 1024',
    });
    // Tried again each time, and no longer listed once all is well.
    await rm(bad, { recursive: true });
    await writeAll(bad, [['good.png', png]]);
    expect(await hash(picturesIn([bad]), { out })).toEqual({
      hashed: 0,
      unchanged: 1,
      skipped: {},
    });
    expect(existsSync(skippedFile(out))).toBe(false);
  });

  test('files before the place where a tar archive breaks off are hashed', async () => {
    const tar = tarOf([...files]);
    const out = newFile();
    const cut = join(folder, 'half.tar');
    await writeFile(cut, tar.subarray(0, tar.length / 2));
    const report = await hash(picturesIn([cut]), { out });
    expect(report.skipped).toEqual({ 'damaged-tar': 1 });
    expect(report.hashed).toBeGreaterThan(10);
  });

  test('a picture in an archive that is too large is passed over', async () => {
    async function* chunks() {
      yield tarOf([['large.png', Buffer.alloc(65 * 1024 * 1024)]]).subarray(0, -1024);
      yield tarOf([['small.png', await pngOf(1)]]);
    }
    const out = newFile();
    const report = await hash(picturesInTar('-', chunks()), { out });
    expect(report).toEqual({ hashed: 1, unchanged: 0, skipped: { 'too-large': 1 } });
  });

  test('no picture at all is a mistake, and leaves nothing behind', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    const out = newFile();
    await expect(hash(picturesIn([empty]), { out })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    for (const end of ['', '.partial', '.lock']) expect(existsSync(out + end)).toBe(false);
  });

  test.each([
    ['nothing there', 'none', 'no such file or folder'],
    [
      'another kind of file',
      'all.zip',
      'neither a folder, a tar file nor a JPEG, PNG or WebP file',
    ],
  ])('a source that is %s', async (_, name, reason) => {
    await writeFile(join(folder, 'all.zip'), 'PK');
    await expect(hash(picturesIn([join(folder, name)]), { out: newFile() })).rejects.toThrow(
      reason,
    );
  });

  test.each([0, 257, 1.5])('%d threads', async (threads) => {
    await expect(hash([...files], { out: newFile(), threads })).rejects.toThrow('threads: ');
  });
});

test('a disk that is full is one clear error, and what was hashed is kept', async ({ skip }) => {
  const small = join(folder, 'small');
  await mkdir(small);
  const mounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]).status === 0;
  skip(!mounted, 'may not mount a small disk here');
  try {
    const out = join(small, 'hashes.jsonl');
    await expect(hash([...files], { out })).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('no space left on the disk'),
    });
    expect(spawnSync('mount', ['-o', 'remount,size=1m', small]).status).toBe(0);
    const { unchanged } = await hash([...files], { out });
    expect(unchanged).toBeGreaterThan(10);
    expect(await readFile(out, 'utf8')).toBe(reference);
  } finally {
    spawnSync('umount', [small]);
  }
});
