import { fromUtf8, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 as portable } from '../src/sha256.ts';
import { sha256 as native } from '../src/sha256-native.ts';

describe('sha256', () => {
  it('is the native one in Node', () => {
    expect(sha256).toBe(native);
  });

  // FIPS 180-4, examples for SHA-256.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of %j', (text, digest) => {
    expect(toHex(native(fromUtf8(text)))).toBe(digest);
    expect(toHex(portable(fromUtf8(text)))).toBe(digest);
  });

  it('is the same natively and portably, however the input is cut', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 5 });
    fc.assert(
      fc.property(parts, (of) => {
        expect(native(...of)).toEqual(portable(...of));
      }),
    );
  });
});
