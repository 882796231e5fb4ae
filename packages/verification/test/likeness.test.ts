import { hammingDistance } from '@semblance/perceptual-hash/hamming';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { majority, pairwiseDistances } from '../src/likeness.ts';

/** A 64-bit hash whose first `ones` bits are set: distances are differences. */
function hash(ones: number): Uint8Array {
  const bits = ones === 0 ? 0n : ((1n << BigInt(ones)) - 1n) << BigInt(64 - ones);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, bits);
  return bytes;
}

const committee = fc.array(
  fc.option(fc.integer({ min: 0, max: 12 }).map(hash), { nil: undefined, freq: 4 }),
  { minLength: 1, maxLength: 7 },
);
const threshold = fc.integer({ min: 0, max: 6 });

describe('majority', () => {
  test('three alike agree, one apart is left out', () => {
    expect(majority([hash(0), hash(1), hash(2)], 2)).toEqual([0, 1, 2]);
    expect(majority([hash(0), hash(20), hash(1)], 2)).toEqual([0, 2]);
  });

  test('half is not a majority', () => {
    expect(majority([hash(0), undefined], 2)).toBeUndefined();
    expect(majority([hash(0), hash(0), hash(9), hash(9)], 2)).toBeUndefined();
    expect(majority([], 2)).toBeUndefined();
  });

  test('one judge alone is a majority of one', () => {
    expect(majority([hash(5)], 0)).toEqual([0]);
    expect(majority([undefined], 0)).toBeUndefined();
  });

  test('the threshold counts as alike, one bit more does not', () => {
    expect(majority([hash(0), hash(2), undefined], 2)).toEqual([0, 1]);
    expect(majority([hash(0), hash(3), undefined], 2)).toBeUndefined();
  });

  test('a chain of likeness is not a clique: the tighter, then the lower pair wins', () => {
    expect(majority([hash(0), hash(2), hash(4)], 2)).toEqual([0, 1]);
    expect(majority([hash(0), hash(2), hash(3)], 2)).toEqual([1, 2]);
  });

  test('missing results count against the majority', () => {
    expect(majority([hash(0), hash(0), undefined, undefined, undefined], 2)).toBeUndefined();
    expect(majority([hash(0), hash(0), hash(0), undefined, undefined], 2)).toEqual([0, 1, 2]);
  });

  test('what it returns is a strict majority, pairwise alike, and cannot be extended', () => {
    fc.assert(
      fc.property(committee, threshold, (hashes, bits) => {
        const members = majority(hashes, bits);
        if (members === undefined) return;
        expect(members.length * 2).toBeGreaterThan(hashes.length);
        const alike = (i: number, j: number) => {
          const [a, b] = [hashes[i], hashes[j]];
          return a !== undefined && b !== undefined && hammingDistance(a, b) <= bits;
        };
        for (const i of members) for (const j of members) expect(alike(i, j)).toBe(true);
        for (let other = 0; other < hashes.length; other++) {
          if (members.includes(other)) continue;
          expect(members.every((i) => alike(i, other))).toBe(false);
        }
      }),
    );
  });

  test('who agrees does not depend on the order when no set competes', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
        const results = [hash(0), hash(1), hash(2), hash(30), hash(50)];
        const members =
          majority(
            order.map((i) => results[i]),
            2,
          ) ?? [];
        expect(new Set(members.map((m) => order[m]))).toEqual(new Set([0, 1, 2]));
      }),
    );
  });

  test('more than seven results are refused', () => {
    expect(() => majority(new Array(8).fill(hash(0)), 2)).toThrow(RangeError);
  });
});

test('pairwiseDistances is symmetric, zero on the diagonal, null for what is missing', () => {
  const distances = pairwiseDistances([hash(0), undefined, hash(3)]);
  expect(distances).toEqual([
    [0, null, 3],
    [null, null, null],
    [3, null, 0],
  ]);
});
