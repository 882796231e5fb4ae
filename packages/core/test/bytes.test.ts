import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBech32, toBech32 } from '../src/bech32.ts';
import * as bytes from '../src/bytes.ts';
import { InvalidInputError } from '../src/errors.ts';

describe('bytes', () => {
  test('hex goes both ways and agrees with Buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(bytes.toHex(data)).toBe(Buffer.from(data).toString('hex'));
        expect(bytes.fromHex(bytes.toHex(data).toUpperCase())).toEqual(data);
      }),
    );
  });

  test('what is not hex is refused with the field named', () => {
    for (const text of ['0', 'zz', ' 00', '0x00']) {
      expect(() => bytes.fromHex(text, 'salt')).toThrow(/^salt: /);
    }
  });

  test('compare orders as Buffer.compare does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(Math.sign(bytes.compare(a, b))).toBe(Buffer.compare(a, b));
        expect(bytes.equals(a, b)).toBe(Buffer.from(a).equals(b));
      }),
    );
  });

  test('byte order of uint64 is number order', () => {
    const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    fc.assert(
      fc.property(uint64, uint64, (a, b) => {
        expect(bytes.toUint64(bytes.fromUint64(a))).toBe(a);
        expect(bytes.compare(bytes.fromUint64(a), bytes.fromUint64(b)) < 0).toBe(a < b);
      }),
    );
    expect(() => bytes.fromUint64(-1n)).toThrow(RangeError);
    expect(() => bytes.fromUint64(1n << 64n)).toThrow(RangeError);
  });

  test('UTF-8 is what an encoder makes of any text, short or long', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 100 }));
    fc.assert(
      fc.property(text, (of) => {
        expect(bytes.fromUtf8(of)).toEqual(new TextEncoder().encode(of));
      }),
    );
  });

  test('invalid UTF-8 is refused', () => {
    expect(bytes.toUtf8(bytes.fromUtf8('sémblance 🦈'))).toBe('sémblance 🦈');
    expect(() => bytes.toUtf8(Uint8Array.of(0xc3, 0x28), 'prompt')).toThrow(/^prompt: /);
  });

  test('concat', () => {
    expect(bytes.concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    );
  });
});

describe('bech32', () => {
  test('goes both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (address) => {
        expect(fromBech32('sem', toBech32('sem', address))).toEqual(address);
      }),
    );
  });

  test('another prefix, length, checksum or plain nonsense is refused with the field named', () => {
    const good = toBech32('sem', new Uint8Array(20));
    const typo = `${good.slice(0, -1)}${good.endsWith('q') ? 'p' : 'q'}`;
    const short = toBech32('sem', new Uint8Array(19));
    for (const address of [toBech32('cosmos', new Uint8Array(20)), short, typo, '', 'sem1']) {
      expect(() => fromBech32('sem', address, 'requester')).toThrow(InvalidInputError);
      expect(() => fromBech32('sem', address, 'requester')).toThrow(/^requester: /);
    }
  });
});
