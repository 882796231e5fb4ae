import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setWithout, type Voter } from '../src/network/quorum.ts';

const voter = (address: string, power: bigint, isSigning = true): Voter => ({
  address,
  power,
  isSigning,
});

test('of four equal ones any may go', () => {
  const four = ['A', 'B', 'C', 'D'].map((address) => voter(address, 10n));
  for (const { address } of four) {
    expect(setWithout(four, address)).toEqual({ verdict: 'goes_on' });
  }
});

test('the last one may not', () => {
  expect(setWithout([voter('A', 10n)], 'A')).toEqual({ verdict: 'nobody_left' });
});

test('two of whom one is silent cannot spare the other', () => {
  const two = [voter('A', 10n), voter('B', 10n, false)];
  expect(setWithout(two, 'A')).toEqual({ verdict: 'too_weak', signing: 0n, total: 10n });
  expect(setWithout(two, 'B')).toEqual({ verdict: 'goes_on' });
});

test('exactly two thirds are too few', () => {
  const set = [voter('A', 1n), voter('B', 20n), voter('C', 10n, false)];
  expect(setWithout(set, 'A')).toEqual({ verdict: 'too_weak', signing: 20n, total: 30n });
  const stronger = [voter('A', 1n), voter('B', 21n), voter('C', 10n, false)];
  expect(setWithout(stronger, 'A')).toEqual({ verdict: 'goes_on' });
});

test('when all sign, only the last one is kept', () => {
  const powers = fc.array(fc.bigInt({ min: 1n, max: 2n ** 60n }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(powers, (all) => {
      const voters = all.map((power, i) => voter(String(i), power));
      expect(setWithout(voters, '0')).toEqual({ verdict: 'goes_on' });
    }),
  );
});
