import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hammingDistance, hexDigitDistance } from '../src/hamming.ts';

const hash = fc.uint8Array({ minLength: 8, maxLength: 8 });

describe('Hamming distance', () => {
  test('counts differing bits', () => {
    expect(hammingDistance(Uint8Array.of(0b1010, 0), Uint8Array.of(0b0110, 0x80))).toBe(3);
    expect(hammingDistance(new Uint8Array(8), new Uint8Array(8).fill(255))).toBe(64);
    expect(hammingDistance(new Uint8Array(0), new Uint8Array(0))).toBe(0);
  });

  test('is zero between equal hashes only', () => {
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        expect(hammingDistance(a, a)).toBe(0);
        expect(hammingDistance(a, b) === 0).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });

  test('is symmetric', () => {
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        expect(hammingDistance(a, b)).toBe(hammingDistance(b, a));
      }),
    );
  });

  test('obeys the triangle inequality', () => {
    fc.assert(
      fc.property(hash, hash, hash, (a, b, c) => {
        expect(hammingDistance(a, c)).toBeLessThanOrEqual(
          hammingDistance(a, b) + hammingDistance(b, c),
        );
      }),
    );
  });

  test('refuses hashes of different lengths', () => {
    expect(() => hammingDistance(new Uint8Array(8), new Uint8Array(6))).toThrow(RangeError);
  });
});

describe('Hamming distance in hex digits', () => {
  test('counts characters of the hex spelling that differ', () => {
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        const [x, y] = [Buffer.from(a).toString('hex'), Buffer.from(b).toString('hex')];
        const differing = Array.from(x).filter((digit, i) => digit !== y[i]).length;
        expect(hexDigitDistance(a, b)).toBe(differing);
        expect(differing).toBeLessThanOrEqual(hammingDistance(a, b));
      }),
    );
  });

  test('refuses hashes of different lengths', () => {
    expect(() => hexDigitDistance(new Uint8Array(8), new Uint8Array(6))).toThrow(RangeError);
  });
});
