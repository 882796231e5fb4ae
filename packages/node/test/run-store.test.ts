import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunStore } from '../src/run-store.ts';
import { type SealedRun, seal } from '../src/seal.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'semblance-runs-'));
});
afterEach(() => rm(home, { recursive: true }));

const QUOTA = 1 << 20;

function sealed(seed: number, size = 8): SealedRun {
  const jobId = sha256(Uint8Array.of(seed));
  const generated = {
    encoded: [],
    latents: [0, 1].map((n) => new Uint8Array(16).fill(seed + n)),
    pixels: new Uint8Array(size * size * 3).fill(seed),
    width: size,
    height: size,
    file: Uint8Array.of(seed, 1, 2, 3),
  };
  return seal(jobId, new Uint8Array(20), generated, new Uint8Array(32).fill(seed));
}

const idOf = (run: SealedRun): string => toHex(run.jobId);
const fileHash = (run: SealedRun): string =>
  toHex(run.artifacts.at(-1)?.sha256 ?? new Uint8Array());

describe('a run store', () => {
  it('gives back what was saved, after a restart too', async () => {
    const run = sealed(1);
    await (await openRunStore(home, QUOTA)).save(run);
    const store = await openRunStore(home, QUOTA);
    const stored = await store.load(idOf(run));
    expect(stored).toMatchObject({
      salt: run.salt,
      root: run.root,
      commitment: run.commitment,
      leaves: run.leaves,
      fileLeaf: run.fileLeaf,
    });
    const artifact = stored?.artifacts.at(-1);
    if (!stored || !artifact) throw new Error('nothing stored');
    expect(await store.read(stored, artifact)).toEqual(Uint8Array.of(1, 1, 2, 3));
  });

  it('keeps the first run of a job whatever comes later', async () => {
    const store = await openRunStore(home, QUOTA);
    const run = sealed(1);
    await store.save(run);
    await store.save({ ...run, salt: new Uint8Array(32), commitment: new Uint8Array(32) });
    expect((await store.load(idOf(run)))?.commitment).toEqual(run.commitment);
  });

  it('throws half-written runs away', async () => {
    const half = join(home, 'jobs', `${idOf(sealed(1))}.unfinished`);
    await mkdir(half, { recursive: true });
    await writeFile(join(half, 'record.json'), '{');
    const store = await openRunStore(home, QUOTA);
    expect(await store.load(idOf(sealed(1)))).toBeUndefined();
    expect(await readdir(join(home, 'jobs'))).toEqual([]);
  });

  it('serves artifacts by hash once they are revealed, not before', async () => {
    const run = sealed(1);
    const store = await openRunStore(home, QUOTA);
    await store.save(run);
    expect(await store.findRevealed(fileHash(run))).toBeUndefined();
    expect(store.unrevealed()).toEqual([idOf(run)]);
    await store.markRevealed(idOf(run));
    expect(store.unrevealed()).toEqual([]);
    for (const each of [store, await openRunStore(home, QUOTA)]) {
      const found = await each.findRevealed(fileHash(run));
      expect(found).toEqual({ kind: 'file', bytes: Uint8Array.of(1, 1, 2, 3) });
    }
  });

  it('does not serve bytes that rotted on disk', async () => {
    const run = sealed(1);
    const store = await openRunStore(home, QUOTA);
    await store.save(run);
    await store.markRevealed(idOf(run));
    await truncate(join(home, 'jobs', idOf(run), 'artifacts'), 10);
    expect(await store.findRevealed(fileHash(run))).toBeUndefined();
  });

  it('evicts the oldest above its quota, never what is kept', async () => {
    const [one, two, three] = [sealed(1, 64), sealed(2, 64), sealed(3, 64)];
    const first = await openRunStore(home, QUOTA);
    for (const [n, run] of [one, two, three].entries()) {
      await first.save(run);
      await utimes(join(home, 'jobs', idOf(run), 'artifacts'), n, n);
    }
    const store = await openRunStore(home, 20_000);
    expect(await store.evict(new Set([idOf(one)]))).toEqual([idOf(two), idOf(three)]);
    expect(await store.load(idOf(one))).toBeDefined();
    expect(store.usedBytes()).toBeLessThan(20_000);
    expect(await readdir(join(home, 'jobs'))).toEqual([idOf(one)]);
  });
});
