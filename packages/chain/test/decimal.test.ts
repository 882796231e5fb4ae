import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatDecimal,
  mulTruncate,
  ONE,
  parseAtomics,
  parseDecimal,
  quo,
  quoRoundUp,
  quoTruncate,
} from '../src/decimal.ts';
import { formatTime } from '../src/time.ts';

const decimal = fc.bigInt({ min: 0n, max: 10n ** 40n });

describe('decimals', () => {
  test('are read as they are written', () => {
    fc.assert(
      fc.property(decimal, (a) => {
        expect(parseDecimal(formatDecimal(a), 'a')).toBe(a);
        expect(parseAtomics(a.toString(), 'a')).toBe(a);
      }),
    );
  });

  test.each([
    '',
    '.5',
    '1.',
    '01',
    '-1',
    '1e3',
    '0x1',
    ' 1',
    '1.0000000000000000001',
    '1'.repeat(60),
  ])('are not read from "%s"', (text) =>
    expect(() => parseDecimal(text, 'a')).toThrow(/not a decimal/),
  );

  test.each([
    [ONE, 3n * ONE, '0.333333333333333333'],
    [2n * ONE, 3n * ONE, '0.666666666666666667'],
    // Halfway, to the even one: what cosmos-sdk's LegacyDec calls banker's rounding.
    [1n, 2n * ONE, '0.000000000000000000'],
    [3n, 2n * ONE, '0.000000000000000002'],
  ])('%s / %s is %s', (a, b, expected) => expect(formatDecimal(quo(a, b))).toBe(expected));

  test('round down and up around the true quotient', () => {
    fc.assert(
      fc.property(decimal, fc.bigInt({ min: 1n, max: 10n ** 30n }), (a, b) => {
        const [down, up] = [quoTruncate(a, b), quoRoundUp(a, b)];
        expect(down * b <= a * ONE && up * b >= a * ONE && up - down <= 1n).toBe(true);
        expect(mulTruncate(down, b) <= a).toBe(true);
      }),
    );
  });
});

test('times are spelt as Date spells them', () => {
  const ms = fc.bigInt({ min: 0n, max: 253_402_300_799_999n });
  fc.assert(
    fc.property(ms, (at) => {
      expect(formatTime(at)).toBe(new Date(Number(at)).toISOString());
    }),
    { examples: [[951_782_400_000n], [4_107_542_399_999n], [0n]], numRuns: 1000 },
  );
});
