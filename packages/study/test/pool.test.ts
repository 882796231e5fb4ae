import { InvalidInputError } from '@semblance/core/errors';
import { hashSet } from '@semblance/perceptual-hash/hamming/hash-set';
import {
  compute,
  countNearAcross,
  countNearWithin,
  type HammingPlan,
  histogramAcross,
  histogramWithin,
  listNearAcross,
  listNearWithin,
} from '@semblance/perceptual-hash/hamming/plan';
import { afterAll, describe, expect, test } from 'vitest';
import { clusteredHashes, uniformHashes } from '../src/billion/made-hashes.ts';
import { startHammingPool } from '../src/hamming/pool.ts';

const a = clusteredHashes({ classes: 50, perClass: 130, seed: 1, set: 0 });
const b = clusteredHashes({ classes: 50, perClass: 90, seed: 1, set: 1 });
const longer = (bits: number) =>
  hashSet(bits, a.bytes.slice(0, a.bytes.length - (a.bytes.length % (bits / 8))));

const plans: Record<string, () => HammingPlan<unknown>> = {
  'histogram within': () => histogramWithin(a),
  'histogram within, in hex digits': () => histogramWithin(a, 'hex-digits'),
  'histogram within groups': () =>
    histogramWithin(
      a,
      'bits',
      Uint32Array.from({ length: 50 }, (_, n) => (n + 1) * 130),
    ),
  'histogram across': () => histogramAcross(a, b),
  'histogram of a query': () => histogramAcross(hashSet(64, a.bytes.slice(0, 8)), b),
  'near pairs within, by segments': () => countNearWithin(a, 2),
  'near pairs within, all compared': () => countNearWithin(a, 12),
  'near pairs across, by segments': () => countNearAcross(a, b, 2),
  'near pairs across, all compared': () => countNearAcross(b, a, 12),
  'pairs listed within': () => listNearWithin(a, 2, 1e6),
  'pairs listed across': () => listNearAcross(a, b, 2, 1e6),
  '256 bits': () => countNearWithin(longer(256), 3),
  '192 bits': () => histogramWithin(longer(192)),
};

describe.each([1, 2, 3])('%i threads', (threads) => {
  const pool = startHammingPool(threads);
  afterAll(() => pool.close());

  test.each(Object.entries(plans))('%s: the same as one thread gives', async (_, plan) => {
    expect(await pool.compute(plan())).toEqual(compute(plan()));
  });

  test('plans given at once wait for each other', async () => {
    const all = await Promise.all(Object.values(plans).map((plan) => pool.compute(plan())));
    expect(all).toEqual(Object.values(plans).map((plan) => compute(plan())));
  });

  test('a plan that fails leaves the pool working', async () => {
    await expect(pool.compute(listNearWithin(a, 2, 1))).rejects.toMatchObject({
      code: 'TOO_MANY_PAIRS',
    });
    expect(await pool.compute(histogramWithin(b))).toEqual(compute(histogramWithin(b)));
  });
});

test('a closed pool computes nothing, and what it was at fails', async () => {
  const pool = startHammingPool(2);
  const running = pool.compute(histogramAcross(a, b));
  const waiting = pool.compute(histogramWithin(a));
  const failed = Promise.allSettled([running, waiting]);
  await pool.close();
  for (const { status } of await failed) expect(status).toBe('rejected');
  await expect(pool.compute(histogramWithin(a))).rejects.toMatchObject({ code: 'POOL_CLOSED' });
});

test('a thread that breaks closes the pool, and says why', async () => {
  const pool = startHammingPool(2);
  const plan = histogramWithin(a);
  const broken = {
    ...plan,
    job: { ...plan.job, kind: 'no such kind' } as unknown as typeof plan.job,
  };
  await expect(pool.compute(broken)).rejects.toThrow('have ended: ');
  await expect(pool.compute(histogramWithin(a))).rejects.toMatchObject({ code: 'POOL_CLOSED' });
});

test.each([0, -1, 1.5, 257, Number.NaN])('%d threads are refused', (threads) => {
  expect(() => startHammingPool(threads)).toThrow(InvalidInputError);
});

describe('made hashes', () => {
  const shape = { classes: 4, perClass: 500, seed: 3 };

  test('depend on seed and set alone', () => {
    for (const make of [uniformHashes, clusteredHashes]) {
      const first = make({ ...shape, set: 0 });
      expect(make({ ...shape, set: 0 }).bytes).toEqual(first.bytes);
      expect(make({ ...shape, set: 1 }).bytes).not.toEqual(first.bytes);
      expect(make({ ...shape, seed: 4, set: 0 }).bytes).not.toEqual(first.bytes);
    }
  });

  test('are 32 bits apart on average, or as near as their class has them', () => {
    expect(meanDistance(uniformHashes({ ...shape, set: 0 }), 0)).toBeCloseTo(32, 0);
    const clustered = clusteredHashes({ ...shape, set: 0 });
    // Two bits that flip with probability p differ with probability 2 p (1 - p).
    for (const [n, p] of [1 / 4, 1 / 8, 1 / 16, 1 / 32].entries()) {
      expect(meanDistance(clustered, n)).toBeCloseTo(64 * 2 * p * (1 - p), 0);
    }
  });

  function meanDistance({ bytes }: { readonly bytes: Uint8Array }, n: number): number {
    const ofClass = hashSet(64, bytes.subarray(n * 500 * 8, (n + 1) * 500 * 8));
    const histogram = compute(histogramWithin(ofClass));
    const total = histogram.reduce((sum, pairs, distance) => sum + pairs * distance, 0);
    return total / ((500 * 499) / 2);
  }
});
