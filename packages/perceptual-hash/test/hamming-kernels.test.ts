import { readFileSync } from 'node:fs';
import { fromHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HASH_BITS, type HashSet, hashSet, hashSetOf } from '../src/hamming/hash-set.ts';
import { compileKernels, Kernels } from '../src/hamming/kernels.ts';
import { type NearPairs, TooManyPairsError } from '../src/hamming/near-pairs.ts';
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
import { noisySet } from './support/noisy-set.ts';

const UNITS = ['bits', 'hex-digits'] as const;
const MANY = 1e7;

// One for all tests, so that each of them meets the memory that another left behind.
const kernels = new Kernels(compileKernels());
const run = <Result>(plan: HammingPlan<Result>): Result => compute(plan, kernels);

const listed = ({ a, b, distance }: NearPairs) =>
  Array.from(a, (i, n): Pair => [i, b[n] as number, distance[n] as number]);

const near = (pairs: Iterable<Pair>, threshold: number) =>
  [...pairs].filter(([, , distance]) => distance <= threshold);

/** Random hashes, with near and equal ones, all-zero and all-one hashes among them. */
function sets(bits: number): fc.Arbitrary<HashSet> {
  const size = bits / 8;
  const oneBit = (bit: number) =>
    new Uint8Array(size).fill(1 << (bit & 7), bit >> 3, (bit >> 3) + 1);
  const hash = fc.oneof(
    fc.uint8Array({ minLength: size, maxLength: size }),
    fc.constantFrom(new Uint8Array(size), new Uint8Array(size).fill(255)),
    fc.nat(bits - 1).map(oneBit),
  );
  return fc.array(hash, { minLength: 1, maxLength: 90 }).map((hashes) => hashSetOf(hashes));
}

describe('vectors of plain Python', () => {
  interface Measured {
    histogram: number[];
    near: Pair[];
  }
  const file = new URL('../../../vectors/hamming/hamming.json', import.meta.url);
  const { threshold, sets: recorded } = JSON.parse(readFileSync(file, 'utf8')) as {
    threshold: number;
    sets: { bits: number; hashes: string[]; inBits: Measured; inHexDigits: Measured }[];
  };

  test.each(recorded)('$bits bits', ({ hashes, inBits, inHexDigits }) => {
    const set = hashSetOf(hashes.map((hex) => fromHex(hex)));
    for (const [unit, expected] of [
      ['bits', inBits],
      ['hex-digits', inHexDigits],
    ] as const) {
      expect(histogramOf(pairsWithin(set, unit), set, unit)).toEqual(expected.histogram);
      expect(run(histogramWithin(set, unit))).toEqual(expected.histogram);
      expect(listed(run(listNearWithin(set, threshold, MANY, unit)))).toEqual(expected.near);
    }
  });
});

describe.each(HASH_BITS)('random sets of %i-bit hashes', (bits) => {
  describe.each(UNITS)('in %s', (unit) => {
    test('full histograms equal the reference', () => {
      fc.assert(
        fc.property(sets(bits), sets(bits), (a, b) => {
          const within = histogramOf(pairsWithin(a, unit), a, unit);
          expect(run(histogramWithin(a, unit))).toEqual(within);
          const across = histogramOf(pairsAcross(a, b, unit), a, unit);
          expect(run(histogramAcross(a, b, unit))).toEqual(across);
        }),
        { numRuns: 25 },
      );
    });

    test('near pairs, counted and listed, equal the reference', () => {
      fc.assert(
        fc.property(sets(bits), sets(bits), fc.nat(bits / 4), (a, b, t) => {
          const within = near(pairsWithin(a, unit), t);
          const across = near(pairsAcross(a, b, unit), t);
          expect(run(countNearWithin(a, t, unit))).toEqual(
            histogramOf(within, a, unit).slice(0, t + 1),
          );
          expect(run(countNearAcross(a, b, t, unit))).toEqual(
            histogramOf(across, a, unit).slice(0, t + 1),
          );
          expect(listed(run(listNearWithin(a, t, MANY, unit)))).toEqual(within);
          expect(listed(run(listNearAcross(a, b, t, MANY, unit)))).toEqual(across);
        }),
        { numRuns: 25 },
      );
    });
  });
});

describe('around block boundaries', () => {
  // 16 columns of the filter, the 192 rows from which there is one, and blocks of 16 KiB.
  test.each([
    [64, 15],
    [64, 16],
    [64, 17],
    [64, 191],
    [64, 192],
    [64, 193],
    [64, 207],
    [64, 208],
    [64, 209],
    [64, 2047],
    [64, 2048],
    [64, 2049],
    [128, 1024],
    [128, 1025],
    [192, 682],
    [192, 683],
    [256, 512],
    [256, 513],
  ] as const)('%i bits, %i hashes', (bits, count) => {
    const a = noisySet({ bits, count, centres: 5, flips: 3, seed: count });
    const b = noisySet({ bits, count: 33, centres: 5, flips: 3, seed: count });
    for (const unit of UNITS) {
      const within = histogramOf(pairsWithin(a, unit), a, unit);
      expect(run(histogramWithin(a, unit))).toEqual(within);
      for (const t of [0, 2, 8, 9]) {
        expect(run(countNearWithin(a, t, unit))).toEqual(within.slice(0, t + 1));
      }
      for (const [x, y] of [
        [a, b],
        [b, a],
      ] as const) {
        const across = histogramOf(pairsAcross(x, y, unit), x, unit);
        expect(run(histogramAcross(x, y, unit))).toEqual(across);
        expect(run(countNearAcross(x, y, 2, unit))).toEqual(across.slice(0, 3));
      }
    }
  });

  test('groups of every size from 1 up', () => {
    const set = noisySet({ bits: 64, count: 2100, centres: 9, flips: 4, seed: 1 });
    const ends = Uint32Array.from({ length: 64 }, (_, n) => ((n + 1) * (n + 2)) / 2);
    const size = (n: number) => hashSet(64, set.bytes.subarray(0, n * 8));
    const cut = size(ends.at(-1) as number);
    const expected = [...ends].map((end, n) => {
      const start = n === 0 ? 0 : (ends[n - 1] as number);
      return hashSet(64, set.bytes.subarray(start * 8, end * 8));
    });
    expect(run(histogramWithin(cut, 'bits', ends))).toEqual(
      histogramOf(
        expected.flatMap((group) => [...pairsWithin(group, 'bits')]),
        cut,
        'bits',
      ),
    );
  });
});

describe('near pairs by segments', () => {
  // Enough pairs for the segments to be used; the histogram, tested above, is the reference.
  const count = 5000;
  const shapes = {
    'far apart': { centres: count, flips: 0 },
    'in clusters': { centres: 40, flips: 4 },
    'nearly all equal': { centres: 1, flips: 2 },
  };

  describe.each(Object.entries(shapes))('%s', (_, shape) => {
    test.each(HASH_BITS)('%i bits', (bits) => {
      const a = noisySet({ bits, count, ...shape, seed: 5 });
      const b = noisySet({ bits, count: 4100, ...shape, seed: 6 });
      for (const unit of UNITS) {
        const within = run(histogramWithin(a, unit));
        const across = run(histogramAcross(a, b, unit));
        for (const t of [0, 1, 2, 4, 7, 12]) {
          expect(run(countNearWithin(a, t, unit))).toEqual(within.slice(0, t + 1));
          expect(run(countNearAcross(a, b, t, unit))).toEqual(across.slice(0, t + 1));
        }
      }
    });
  });

  test('hashes that agree on every segment but one fill single buckets', () => {
    // Only the digits of one segment of three differ: all of the others have one value.
    for (const segment of [0, 1, 2]) {
      const set = noisySet({ bits: 64, count, centres: count, flips: 0, seed: 7 });
      const bytes = set.bytes.map((byte, at) => {
        const digits = [2 * at, 2 * at + 1].map((digit) => (digit % 16) % 3 === segment);
        return byte & ((digits[0] ? 0x0f : 0) | (digits[1] ? 0xf0 : 0));
      });
      const skewed = hashSet(64, bytes);
      expect(run(countNearWithin(skewed, 2))).toEqual(run(histogramWithin(skewed)).slice(0, 3));
      expect(run(countNearAcross(skewed, set, 2))).toEqual(
        run(histogramAcross(skewed, set)).slice(0, 3),
      );
    }
  });

  test.each(UNITS)('the pairs listed are those of the reference, in %s', (unit) => {
    const a = noisySet({ bits: 64, count: 2100, centres: 60, flips: 3, seed: 8 });
    const b = noisySet({ bits: 64, count: 1100, centres: 60, flips: 3, seed: 8 });
    expect(listed(run(listNearWithin(a, 2, MANY, unit)))).toEqual(near(pairsWithin(a, unit), 2));
    expect(listed(run(listNearAcross(a, b, 2, MANY, unit)))).toEqual(
      near(pairsAcross(a, b, unit), 2),
    );
  });

  test('as many equal hashes as there can be pairs of', () => {
    const equal = hashSet(64, new Uint8Array(8 * 70_000).fill(7));
    expect(run(countNearWithin(equal, 2))).toEqual([(70_000 * 69_999) / 2, 0, 0]);
    expect(run(countNearAcross(equal, equal, 0))).toEqual([70_000 ** 2]);
  });
});

describe('wrong use', () => {
  const two = hashSet(64, new Uint8Array(16));

  test('an empty set, a part of a hash, other lengths, mixed lengths', () => {
    expect(() => hashSet(64, new Uint8Array(0))).toThrow('hashes: no hash in it');
    expect(() => hashSetOf([])).toThrow('hashes: no hash in it');
    expect(() => hashSet(64, new Uint8Array(15))).toThrow('truncated');
    expect(() => hashSet(96, new Uint8Array(12))).toThrow('96-bit hashes');
    expect(() => hashSet(Number.NaN, new Uint8Array(12))).toThrow(InvalidInputError);
    expect(() => hashSetOf([new Uint8Array(8), new Uint8Array(16)])).toThrow(
      'mixed lengths: hashes of 64 and 128 bits (number 1)',
    );
  });

  test('sets of two lengths', () => {
    const long = hashSet(128, new Uint8Array(16));
    expect(() => histogramAcross(two, long)).toThrow('b: 128-bit hashes beside 64-bit ones');
    expect(() => countNearAcross(two, long, 1)).toThrow(InvalidInputError);
    expect(() => listNearAcross(two, long, 1, 1)).toThrow(InvalidInputError);
  });

  test.each([-1, 65, 0.5, Number.NaN])('threshold %d', (threshold) => {
    expect(() => countNearWithin(two, threshold)).toThrow('threshold: not an integer from 0 to 64');
  });

  test('the largest threshold is that of the unit', () => {
    expect(run(countNearWithin(two, 64))).toHaveLength(65);
    expect(() => countNearWithin(two, 17, 'hex-digits')).toThrow(InvalidInputError);
  });

  test.each([[[]], [[1]], [[2, 2]], [[0, 2]], [[3]]])('groups that end at %j', (ends) => {
    expect(() => histogramWithin(two, 'bits', Uint32Array.from(ends))).toThrow('ends: ');
  });

  test('more pairs than the limit are not listed', () => {
    const set = noisySet({ bits: 64, count: 300, centres: 2, flips: 1, seed: 9 });
    const pairs = near(pairsWithin(set, 'bits'), 2).length;
    expect(run(listNearWithin(set, 2, pairs)).a).toHaveLength(pairs);
    expect(() => run(listNearWithin(set, 2, pairs - 1))).toThrow(TooManyPairsError);
    expect(() => listNearWithin(set, 2, 0)).toThrow('limit: ');
  });
});
