import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupEqual } from '../src/hamming/distinct.ts';
import { HASH_BITS, type HashSet, hashSet } from '../src/hamming/hash-set.ts';
import type { NearJob } from '../src/hamming/job.ts';
import { compileKernels, Kernels } from '../src/hamming/kernels.ts';
import {
  compute,
  countNearAcross,
  countNearWithin,
  type HammingPlan,
  histogramAcross,
  histogramWithin,
  listNearAcross,
  listNearWithin,
} from '../src/hamming/plan.ts';
import { histogramOf, type Pair, pairsAcross, pairsWithin } from '../src/hamming/reference.ts';
import { segmentsFor } from '../src/hamming/segments.ts';
import type { DistanceUnit } from '../src/hamming/unit.ts';
import { noisySet } from './support/noisy-set.ts';

const UNITS: readonly DistanceUnit[] = ['bits', 'hex-digits'];
const kernels = new Kernels(compileKernels());
const run = <R>(plan: HammingPlan<R>): R => compute(plan, kernels);

/** Sets near each other, with equal, all-zero and all-one hashes among them. */
const sets = (bits: number, most = 90): fc.Arbitrary<HashSet> =>
  fc
    .array(
      fc.oneof(
        fc.uint8Array({ minLength: bits / 8, maxLength: bits / 8 }),
        fc.constantFrom(new Uint8Array(bits / 8), new Uint8Array(bits / 8).fill(255)),
        fc.nat(bits - 1).map((bit) => new Uint8Array(bits / 8).fill(1 << (bit % 8), bit >> 3, (bit >> 3) + 1)),
      ),
      { minLength: 1, maxLength: most },
    )
    .map((hashes) => hashSet(bits, Buffer.concat(hashes)));

const lists = ({ a, b, distance }: { a: Uint32Array; b: Uint32Array; distance: Uint16Array }) =>
  Array.from(a, (i, n): Pair => [i, b[n] as number, distance[n] as number]);

const near = (pairs: Iterable<Pair>, threshold: number) =>
  [...pairs].filter(([, , distance]) => distance <= threshold);

describe.each(HASH_BITS)('%i-bit hashes', (bits) => {
  describe.each(UNITS)('in %s', (unit) => {
    test('full histograms equal the reference', () => {
      fc.assert(
        fc.property(sets(bits), sets(bits), (a, b) => {
          expect(run(histogramWithin(a, unit))).toEqual(histogramOf(pairsWithin(a, unit), a, unit));
          expect(run(histogramAcross(a, b, unit))).toEqual(
            histogramOf(pairsAcross(a, b, unit), a, unit),
          );
        }),
        { numRuns: 25 },
      );
    });

    test('near pairs, counted and listed, equal the reference', () => {
      fc.assert(
        fc.property(sets(bits), sets(bits), fc.nat(bits / 4), (a, b, t) => {
          const within = histogramOf(pairsWithin(a, unit), a, unit).slice(0, t + 1);
          expect(run(countNearWithin(a, t, unit))).toEqual(within);
          const across = histogramOf(pairsAcross(a, b, unit), a, unit).slice(0, t + 1);
          expect(run(countNearAcross(a, b, t, unit))).toEqual(across);
          expect(lists(run(listNearWithin(a, t, 1e6, unit)))).toEqual(near(pairsWithin(a, unit), t));
          expect(lists(run(listNearAcross(a, b, t, 1e6, unit)))).toEqual(
            near(pairsAcross(a, b, unit), t),
          );
        }),
        { numRuns: 25 },
      );
    });
  });
});

describe('around block boundaries', () => {
  // 16 lanes of a filter, the rows from which one is made, and the blocks of 64- and 256-bit sets.
  test.each([
    [64, 15], [64, 16], [64, 17], [64, 191], [64, 192], [64, 193], [64, 207], [64, 208], [64, 209],
    [64, 2047], [64, 2048], [64, 2049], [256, 511], [256, 512], [256, 513], [128, 1025], [192, 682], [192, 683],
  ] as const)('%i bits, %i hashes', (bits, count) => {
    const a = noisySet({ bits, count, centres: 5, flips: 3, seed: count });
    const b = noisySet({ bits, count: 33, centres: 5, flips: 3, seed: count });
    for (const unit of UNITS) {
      const within = histogramOf(pairsWithin(a, unit), a, unit);
      expect(run(histogramWithin(a, unit))).toEqual(within);
      for (const t of [0, 2, 8, 9]) expect(run(countNearWithin(a, t, unit))).toEqual(within.slice(0, t + 1));
      for (const [x, y] of [[a, b], [b, a]] as const) {
        const across = histogramOf(pairsAcross(x, y, unit), x, unit);
        expect(run(histogramAcross(x, y, unit))).toEqual(across);
        expect(run(countNearAcross(x, y, 2, unit))).toEqual(across.slice(0, 3));
      }
    }
  });
});
