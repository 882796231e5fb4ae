import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manyPictures, writeAll } from '../../packages/study/test/support/pictures.ts';
import { tarOf } from '../../packages/study/test/support/tar.ts';
import { MAIN, semblance, start } from './semblance.ts';

const vectors = fileURLToPath(new URL('../../vectors/pictures/images', import.meta.url));
const COUNT = 300;

let folder: string;
let images: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-hash-test-'));
  images = join(folder, 'images');
  await writeAll(images, await manyPictures(COUNT));
});
afterAll(() => rm(folder, { recursive: true }));

const recordsOf = async (out: string) =>
  (await readFile(out, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);

describe('study hash', () => {
  test('gives the hashes that `hash` gives', async () => {
    const out = join(folder, 'vectors.jsonl');
    expect((await semblance('study', 'hash', vectors, '--out', out)).code).toBe(0);
    const records = await recordsOf(out);
    expect(records).toHaveLength(18);
    const { stdout } = await semblance(
      'hash',
      ...records.map(({ path }) => path as string),
      '--json',
    );
    const hashes = (record: Record<string, string>) =>
      [record.average, record.perceptual, record.difference, record.color].join();
    expect(records.map(hashes)).toEqual(
      (JSON.parse(stdout) as Record<string, string>[]).map(hashes),
    );
  });

  test('is read by `study billion`, and can be taken from standard input', async () => {
    const tar = join(folder, 'images.tar');
    const out = join(folder, 'stdin.jsonl');
    await writeFile(tar, tarOf([...(await manyPictures(40))]));
    const child = spawn(process.execPath, [MAIN, 'study', 'hash', '-', '--out', out, '--json']);
    createReadStream(tar).pipe(child.stdin);
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(printed.toString())).toMatchObject({ hashed: 40, unchanged: 0, skipped: {} });
    await once(child, 'close');
    const options = ['--file', out, '--per-class', '10', '--no-peers', '--json'];
    for (const hash of ['average', 'color']) {
      const { stdout } = await semblance('study', 'billion', ...options, '--hash', hash);
      expect(JSON.parse(stdout)).toMatchObject({
        runs: [{ count: 40, classes: 4, sameClass: { pairs: 180 } }],
      });
    }
  });

  test('gives the same bytes however often it is killed', async () => {
    const reference = join(folder, 'reference.jsonl');
    await semblance('study', 'hash', images, '--out', reference, '--threads', '1');
    const out = join(folder, 'killed.jsonl');
    const partial = `${out}.partial`;
    let kills = 0;
    // Each run is killed a little after it has written something new; the last ends by itself.
    for (let goal = 1; goal < COUNT * 300; goal += 1 + Math.floor(Math.random() * 20_000)) {
      const run = start('study', 'hash', images, '--out', out);
      const closed = once(run.process, 'close');
      const isOver = () => run.process.exitCode !== null;
      while (!isOver() && (!existsSync(partial) || statSync(partial).size < goal))
        await setTimeout(1);
      if (run.process.kill('SIGKILL')) kills++;
      await closed;
    }
    const { stdout, code } = await semblance('study', 'hash', images, '--out', out, '--json');
    expect(code).toBe(0);
    expect(kills).toBeGreaterThan(2);
    const { hashed, unchanged } = JSON.parse(stdout) as { hashed: number; unchanged: number };
    expect(hashed + unchanged).toBe(COUNT);
    expect(unchanged).toBeGreaterThan(0);
    expect(await readFile(out, 'utf8')).toBe(await readFile(reference, 'utf8'));
    for (const end of ['.partial', '.lock', '.unfinished'])
      expect(existsSync(out + end)).toBe(false);
  });

  test('an interruption is no failure to start from', async () => {
    const out = join(folder, 'interrupted.jsonl');
    const run = start('study', 'hash', images, '--out', out);
    const closed = once(run.process, 'close');
    while (!existsSync(`${out}.partial`)) await setTimeout(1);
    run.process.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
    expect(run.stderr()).toBe('semblance: interrupted; the same command goes on from there\n');
    const { stdout } = await semblance('study', 'hash', images, '--out', out, '--json');
    const { hashed, unchanged } = JSON.parse(stdout) as { hashed: number; unchanged: number };
    expect(hashed + unchanged).toBe(COUNT);
  });

  test('tells what it skipped', async () => {
    const bad = join(folder, 'bad');
    await mkdir(bad);
    await writeAll(bad, [...(await manyPictures(2)), ['text.jpg', Buffer.from('text')]]);
    const out = join(folder, 'bad.jsonl');
    const { stdout, code } = await semblance('study', 'hash', bad, '--out', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /: 2 hashed.*, skipped 1 not-a-picture\nskipped: .*bad\.skipped\.jsonl\n/,
    );
  });

  test.each([
    [['no-such-folder'], 'no-such-folder: no such file or folder'],
    [[vectors, '-'], 'source: - stands alone'],
    [[vectors, '--threads', '0'], 'threads: not an integer from 1 to 256: 0'],
    [[vectors, '--threads', 'x'], 'not a number of threads'],
    [[fileURLToPath(new URL('.', import.meta.url))], 'source: no JPEG, PNG or WebP picture in it'],
  ])('%j is one clear line', async (args, reason) => {
    const { code, stderr } = await semblance(
      'study',
      'hash',
      ...args,
      '--out',
      join(folder, 'none'),
    );
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/^semblance: [^\n]*\n$/);
  });
});
