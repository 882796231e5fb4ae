import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaUnderCurve } from '../../src/measure/adversaries.ts';
import { stakeInPayments } from '../../src/measure/deposit.ts';
import { measureMajority } from '../../src/measure/majorities.ts';
import { byHash, type Pictures } from '../../src/measure/pictures.ts';
import { detectionChance } from '../../src/measure/spot-check.ts';

/** A profile whose hash of job i is `hashes[i]` (last byte), in every method. */
function profile(source: string, hashes: readonly number[]): Pictures {
  const eightBytes = hashes.map((last) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, last));
  return {
    source,
    hashes: byHash(() => eightBytes),
    files: hashes.map((last) => `${source} ${last}`),
    ms: hashes.map(() => 1),
    hashMs: byHash(() => hashes.map(() => 1)),
  };
}

describe('majorities', () => {
  // Jobs: all equal; one of four 8 bits away; two pairs 8 bits apart.
  const profiles = [
    profile('a', [0, 0, 0]),
    profile('b', [0, 0, 0]),
    profile('c', [0, 0, 255]),
    profile('d', [0, 255, 255]),
  ];
  const measured = measureMajority(profiles, { hash: 'average', thresholdBits: 2, size: 3 });

  test('are counted over every committee of every job', () => {
    // Four committees of three a job; two of three alike are a majority, and one is unpaid: in
    // three committees of the second job (all with d but none other) and in all four of the third.
    expect(measured.counted).toEqual({
      committees: 12,
      majority: 12,
      unpaidMembers: 7,
      majorityRate: 1,
      unpaidRate: 7 / 36,
    });
  });

  test('are compared with the formula from single rates', () => {
    const { worstSingle, identical, independent } = measured.predicted;
    expect(worstSingle.profile).toBe('d');
    expect(worstSingle.rate).toMatchObject({ count: 1, trials: 3 });
    expect(identical.value).toBeCloseTo(measured.predicted.single.rate, 12);
    const p = measured.predicted.single.rate;
    expect(independent.value).toBeCloseTo(p ** 3 + 3 * p ** 2 * (1 - p), 12);
  });

  test('there is none where all three differ', () => {
    const apart = [profile('a', [0]), profile('b', [0x0f]), profile('c', [0xf0])];
    const { counted } = measureMajority(apart, { hash: 'average', thresholdBits: 2, size: 3 });
    expect(counted).toMatchObject({ committees: 1, majority: 0, unpaidMembers: 0, unpaidRate: 1 });
  });
});

describe('area under the curve', () => {
  test.each([
    [[10, 0, 0], [0, 0, 10], 1],
    [[0, 0, 10], [10, 0, 0], 0],
    [[5, 5], [5, 5], 0.5],
    [[8, 2, 0], [2, 2, 6], (2 * 4 + 2 * (8 + 1) + 6 * 10) / 100],
    [[], [1], 0.5],
  ])('of honest %j and forged %j', (honest, forged, expected) => {
    expect(areaUnderCurve(honest, forged)).toBeCloseTo(expected, 12);
  });
});

test('the chance to meet a bad step is the hypergeometric one', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(30), fc.nat(6), (steps, bad, checks) => {
      fc.pre(bad <= steps && checks <= steps);
      const missed = steps - bad < checks ? 0 : choose(steps - bad, checks) / choose(steps, checks);
      expect(detectionChance(steps, bad, checks)).toBeCloseTo(1 - missed, 9);
    }),
  );
});

describe('the stake at which cheating loses', () => {
  test('is where gain and loss are equal', () => {
    const numbers = { saves: 0.5, passesVote: 0.9, caught: 0.2, slashShare: 0.1 };
    const stake = stakeInPayments(numbers) as number;
    const honest = 1 - 1;
    const cheat = 0.9 * 0.8 - (1 - 0.5) - 0.9 * 0.2 * 0.1 * stake;
    expect(cheat).toBeCloseTo(honest, 12);
  });

  test('is none where the vote alone makes it lose', () => {
    const numbers = { saves: 0.5, passesVote: 0.1, caught: 0, slashShare: 0.1 };
    expect(stakeInPayments(numbers)).toBe(0);
  });

  test('does not exist where nothing catches who passes', () => {
    const numbers = { saves: 1, passesVote: 1, caught: 0, slashShare: 0.1 };
    expect(stakeInPayments(numbers)).toBeNull();
  });
});
