import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalFromWire, decimalToWire } from '../src/api/json/decimal.ts';

describe('decimals of Cosmos', () => {
  it.each([
    ['500000000000000000', '0.500000000000000000'],
    ['1', '0.000000000000000001'],
    ['-1500000000000000000', '-1.500000000000000000'],
    ['0', '0.000000000000000000'],
    ['', '0.000000000000000000'],
  ])('%o is %s', (wire, text) => {
    expect(decimalFromWire(wire)).toBe(text);
  });

  it('come back the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), (value) => {
        expect(decimalToWire(decimalFromWire(`${value}`), 'rate')).toBe(`${value}`);
      }),
    );
  });

  it('may leave places out', () => {
    expect(decimalToWire('0.5', 'rate')).toBe('500000000000000000');
    expect(decimalToWire('2', 'rate')).toBe('2000000000000000000');
  });

  it.each(['', '.', '1.', '.5', '1e3', '0x1', ' 1', '0.1234567890123456789', '9'.repeat(79)])(
    'are not %o',
    (text) => {
      expect(() => decimalToWire(text, 'rate')).toThrow(/rate/);
    },
  );
});
