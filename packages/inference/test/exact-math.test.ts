import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exp, expm1, log } from '../src/exact-math.ts';

type Pairs = readonly (readonly [x: string, y: string])[];
const references = JSON.parse(
  readFileSync(new URL('../../../vectors/schedulers/exact-math.json', import.meta.url), 'utf8'),
) as Record<'log' | 'exp' | 'expm1', Pairs>;

test.each([
  ['log', log],
  ['exp', exp],
  ['expm1', expm1],
] as const)('%s is within 2 units in the last place of the reference', (name, f) => {
  let worst = 0n;
  for (const [x, y] of references[name]) {
    const distance = ordinal(f(fromBits(x))) - ordinal(fromBits(y));
    const size = distance < 0n ? -distance : distance;
    if (size > worst) worst = size;
  }
  expect(worst).toBeLessThan(2n);
});

test('special values', () => {
  expect(log(1)).toBe(0);
  expect(log(0)).toBe(-Infinity);
  expect(log(-1)).toBeNaN();
  expect(log(Infinity)).toBe(Infinity);
  expect(log(Number.NaN)).toBeNaN();
  expect(exp(0)).toBe(1);
  expect(exp(-Infinity)).toBe(0);
  expect(exp(Infinity)).toBe(Infinity);
  expect(exp(Number.NaN)).toBeNaN();
  expect(expm1(-0)).toBe(-0);
  expect(expm1(-Infinity)).toBe(-1);
  expect(expm1(Infinity)).toBe(Infinity);
  expect(expm1(1e-300)).toBe(1e-300);
});

function fromBits(hex: string): number {
  return Buffer.from(hex, 'hex').readDoubleBE();
}

/** Doubles numbered in order, so that neighbours differ by one. */
function ordinal(x: number): bigint {
  const bits = new DataView(new Float64Array([x]).buffer).getBigInt64(0, true);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}
