import { expect, test } from 'vitest';
import { sine } from '../src/sine.ts';

/** Distance in units of the last place of the larger value. */
function ulps(a: number, b: number): number {
  if (a === b) return 0;
  const magnitude = Math.max(Math.abs(a), Math.abs(b));
  return Math.abs(a - b) / (2 ** Math.floor(Math.log2(magnitude)) * Number.EPSILON);
}

test('agrees with the engine to a unit in the last place', () => {
  let worst = 0;
  for (let i = -20_000; i <= 20_000; i++) {
    const angle = i * 0.0009765 + i * i * 1e-12;
    worst = Math.max(worst, ulps(sine(angle), Math.sin(angle)));
  }
  expect(worst).toBeLessThanOrEqual(2);
});

test('stays accurate beside the multiples of pi', () => {
  for (let turns = 1; turns <= 6; turns++) {
    expect(ulps(sine(turns * Math.PI), Math.sin(turns * Math.PI))).toBeLessThanOrEqual(2);
  }
});

test('keeps the bits that were recorded', () => {
  const angles = [0, 1e-9, 0.5, Math.PI / 4, 1, Math.PI / 2, 2, 3, Math.PI, 5, 2 * Math.PI, 9.4];
  expect(angles.map(sine)).toEqual([
    0,
    1e-9,
    0.479425538604203,
    Math.SQRT1_2,
    0.8414709848078965,
    1,
    0.9092974268256817,
    0.1411200080598672,
    1.2246467991473532e-16,
    -0.9589242746631385,
    -2.4492935982947064e-16,
    0.024775425453357765,
  ]);
});
