import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaQuantile, incompleteBeta, logGamma } from '../src/statistics/beta.ts';
import {
  intraClassCorrelation,
  majorityBounds,
  majorityChance,
} from '../src/statistics/committee.ts';
import { complement, rateOf } from '../src/statistics/rate.ts';
import { spreadOf } from '../src/statistics/spread.ts';

type Row = readonly number[];
const scipy = JSON.parse(
  readFileSync(new URL('../../../vectors/statistics/statistics.json', import.meta.url), 'utf8'),
) as Readonly<
  Record<'logGamma' | 'incompleteBeta' | 'quantiles' | 'bounds' | 'majorities', readonly Row[]>
>;

const relative = (value: number, expected: number) =>
  Math.abs(value - expected) / Math.max(Math.abs(expected), 1e-12);

describe('equal to scipy', () => {
  test('logarithm of gamma', () => {
    for (const [x, expected] of scipy.logGamma as [number, number][]) {
      expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(10, expected));
    }
  });

  test('incomplete beta', () => {
    for (const [x, a, b, expected] of scipy.incompleteBeta as [number, number, number, number][]) {
      expect([x, a, b, relative(incompleteBeta(x, a, b), expected) < 1e-8]).toEqual([
        x,
        a,
        b,
        true,
      ]);
    }
  });

  test('beta quantile', () => {
    for (const [p, a, b, expected] of scipy.quantiles as [number, number, number, number][]) {
      expect([p, a, b, relative(betaQuantile(p, a, b), expected) < 1e-8]).toEqual([p, a, b, true]);
    }
  });

  test('Clopper-Pearson bounds', () => {
    for (const [count, trials, confidence, low, high] of scipy.bounds as number[][]) {
      const rate = rateOf(count as number, trials as number, confidence);
      expect(relative(rate.low, low as number)).toBeLessThan(1e-8);
      expect(relative(rate.high, high as number)).toBeLessThan(1e-8);
    }
  });

  test('majorities, binomial and beta-binomial', () => {
    for (const [size, single, correlation, expected] of scipy.majorities as number[][]) {
      const chance = majorityChance(size as number, single as number, correlation as number);
      expect(chance).toBeCloseTo(expected as number, 12);
    }
  });
});

describe('a rate', () => {
  test('lies within its bounds, which more trials draw together', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (a, b) => {
        const [count, trials] = [Math.min(a, b), Math.max(a, b)];
        const one = rateOf(count, trials);
        expect(one.low).toBeLessThanOrEqual(one.rate);
        expect(one.high).toBeGreaterThanOrEqual(one.rate);
        const many = rateOf(10 * count, 10 * trials);
        expect(many.high - many.low).toBeLessThanOrEqual(one.high - one.low);
        const rest = complement(one);
        const counted = rateOf(trials - count, trials);
        expect(rest.low).toBeCloseTo(counted.low, 9);
        expect(rest.high).toBeCloseTo(counted.high, 9);
      }),
    );
  });

  test('covers the truth at least as often as it says', () => {
    // exactly, over every outcome of 30 trials
    for (const truth of [0.01, 0.1, 0.37, 0.5]) {
      let [covered, chance] = [0, (1 - truth) ** 30];
      for (let count = 0; count <= 30; count++) {
        const { low, high } = rateOf(count, 30, 0.9);
        if (low <= truth && truth <= high) covered += chance;
        chance *= ((30 - count) / (count + 1)) * (truth / (1 - truth));
      }
      expect(covered).toBeGreaterThanOrEqual(0.9);
    }
  });

  test.each([
    [1, 0],
    [-1, 5],
    [0.5, 5],
    [Number.NaN, 5],
  ])('%d of %d is refused', (count, trials) => {
    expect(() => rateOf(count, trials)).toThrow(/^count: /);
  });
});

describe('committees', () => {
  test('a majority of correlated runs is between one run and independent ones', () => {
    const single = rateOf(950, 1000);
    const [none, some, all] = [0, 0.3, 1].map((rho) => majorityBounds(5, single, rho));
    expect(none?.value).toBeGreaterThan(some?.value ?? 1);
    expect(some?.value).toBeGreaterThan(all?.value ?? 1);
    expect(all).toEqual({ value: 0.95, low: single.low, high: single.high });
  });

  test('correlation: 0 for one binomial, 1 for clusters that are all or nothing', () => {
    const wholes = [0, 5, 5, 0, 5, 5, 5, 5];
    expect(intraClassCorrelation(wholes, 5)).toBe(1);
    expect(intraClassCorrelation([5, 5, 5], 5)).toBe(0);
    expect(intraClassCorrelation([4, 4, 4, 4], 5)).toBe(0);
    expect(intraClassCorrelation([2], 5)).toBe(0);
  });
});

test('spread of a sample', () => {
  expect(spreadOf([3, 1, 2, 10])).toEqual({
    count: 4,
    mean: 4,
    min: 1,
    median: 3,
    p95: 10,
    max: 10,
  });
  expect(spreadOf([]).count).toBe(0);
});
