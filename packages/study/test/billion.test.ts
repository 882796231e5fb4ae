import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSet } from '@semblance/perceptual-hash/hamming/hash-set';
import { compute, countNearAcross, histogramWithin } from '@semblance/perceptual-hash/hamming/plan';
import { describe, expect, test } from 'vitest';
import { type BillionHashes, runBillion } from '../src/billion/billion.ts';
import { clusteredHashes } from '../src/billion/made-hashes.ts';

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('the billion-hash experiment, small', () => {
  test('made hashes: the shape, and the same counts for any number of threads', async () => {
    const hashes = { from: 'seed', seed: 7, classes: 6, perClass: 40 } as const;
    const [one, three] = await Promise.all(
      [1, 3].map((threads) => runBillion({ hashes, threads, peers: false })),
    );
    expect(one?.runs.map(({ hashes: name }) => name)).toEqual(['uniform', 'clustered']);
    for (const [n, run] of (one?.runs ?? []).entries()) {
      expect(run).toMatchObject({ bits: 64, count: 240, classes: 6 });
      expect(run.sameClass.pairs).toBe((6 * 40 * 39) / 2);
      expect(run.sameClass.histogram).toHaveLength(65);
      expect(run.sameClassHexDigits.histogram).toHaveLength(17);
      expect(sum(run.sameClassHexDigits.histogram)).toBe(run.sameClass.pairs);
      expect(run.cross.pairs).toBe(240 * 240);
      const other = three?.runs[n];
      expect(other?.sameClass.histogram).toEqual(run.sameClass.histogram);
      expect(other?.cross.within).toEqual(run.cross.within);
    }
  });

  test('given files: the last class may be smaller, and sets may differ in size', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'semblance-billion-test-'));
    try {
      const made = clusteredHashes({ classes: 5, perClass: 30, seed: 1, set: 0 });
      const [file, against] = [join(folder, 'a'), join(folder, 'b')];
      const [a, b] = [150, 40].map((count) => hashSet(64, made.bytes.slice(0, count * 8))) as [
        typeof made,
        typeof made,
      ];
      await writeFile(file, a.bytes);
      await writeFile(against, Buffer.from(b.bytes).toString('hex').replace(/.{16}/g, '$&\n'));

      const hashes: BillionHashes = { from: 'files', file, against, perClass: 40 };
      const { runs } = await runBillion({ hashes, threads: 2, peers: false });
      const ends = Uint32Array.of(40, 80, 120, 150);
      expect(runs).toHaveLength(1);
      expect(runs[0]).toMatchObject({ hashes: file, count: 150, classes: 4 });
      expect(runs[0]?.sameClass.histogram).toEqual(compute(histogramWithin(a, 'bits', ends)));
      const [d0 = 0, d1 = 0, d2 = 0] = compute(countNearAcross(a, b, 2));
      expect(runs[0]?.cross.within).toEqual([d0, d0 + d1, d0 + d1 + d2]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('beside it, Python counts the same where there is one', async () => {
    const hashes = { from: 'seed', seed: 7, classes: 2, perClass: 60 } as const;
    const { peers } = await runBillion({ hashes, threads: 1, peers: true });
    expect(peers.length).toBeGreaterThan(1);
    for (const peer of peers) expect('absent' in peer || peer.agrees).toBe(true);
  });

  test.each([
    [{ classes: 0, perClass: 5 }, 'classes: '],
    [{ classes: 5, perClass: 0 }, 'per-class: '],
    [{ classes: 2 ** 20, perClass: 2 ** 20 }, 'classes: more than'],
  ])('%j is refused', async (shape, reason) => {
    const hashes = { from: 'seed', seed: 1, ...shape } as const;
    await expect(runBillion({ hashes, threads: 1, peers: false })).rejects.toThrow(reason);
  });
});
