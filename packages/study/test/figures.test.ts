import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bits,
  count,
  decimal,
  duration,
  interval,
  percent,
  percentTick,
  powerOfTen,
  range,
} from '../src/report/figures.ts';

test.each([
  [0, '0'],
  [7, '7'],
  [1300, '1,300'],
  [844_350_000, '844,350,000'],
  [1.69e12, '1,690,000,000,000'],
  [-4200, '−4,200'],
])('count %d', (value, written) => expect(count(value)).toBe(written));

test.each([
  [0, '0'],
  [0.0267, '0.0267'],
  [0.5, '0.5'],
  [12.345, '12.3'],
  [1300.4, '1,300'],
  [4.13e-6, '4.1 × 10⁻⁶'],
  [1e-7, '10⁻⁷'],
  [2.5e12, '2.5 × 10¹²'],
  [-0.25, '−0.25'],
])('decimal %d', (value, written) => expect(decimal(value)).toBe(written));

test.each([
  [0, '0%'],
  [1, '100%'],
  [0.977, '97.7%'],
  [0.9982, '99.82%'],
  [0.9998, '99.980%'],
  [0.000267, '0.027%'],
  [0.5, '50.0%'],
  [1e-8, '10⁻⁶%'],
  [1 - 1e-9, '>99.9999%'],
])('percent %d', (share, written) => expect(percent(share)).toBe(written));

test('only nothing is 0%, only all is 100%', () => {
  const share = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(share, (one) => !['0%', '0.0%', '100%', '100.0%'].includes(percent(one))));
});

test('a percentage is within its last digit of the share', () => {
  const share = fc.double({ min: 1e-5, max: 1 - 2e-6, noNaN: true });
  fc.assert(
    fc.property(share, (one) => {
      const written = percent(one).slice(0, -1);
      const decimals = written.split('.')[1]?.length ?? 0;
      return Math.abs(Number(written) - one * 100) <= 0.5001 * 10 ** -decimals;
    }),
  );
});

test.each([
  [1, '100%'],
  [0.5, '50%'],
  [0.001, '0.1%'],
  [1e-5, '0.001%'],
  [1e-6, '10⁻⁴%'],
])('tick at %d', (share, written) => expect(percentTick(share)).toBe(written));

test('bounds, powers, bits, times', () => {
  expect(interval(0.972, 0.981)).toBe('97.2% to 98.1%');
  expect(range(0.972, 0.981)).toBe('97.2–98.1%');
  expect([0, 6, -12].map(powerOfTen)).toEqual(['10⁰', '10⁶', '10⁻¹²']);
  expect([0, 1, 2].map(bits)).toEqual(['0 bits', '1 bit', '2 bits']);
  expect([0.42, 119, 600, 31_415].map(duration)).toEqual(['0.42 s', '119 s', '10 min', '8.7 h']);
});
