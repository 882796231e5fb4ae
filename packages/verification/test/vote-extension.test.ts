import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vrfInput } from '../src/beacon.ts';
import { EXTENSION_BYTES, makeExtension, readExtension } from '../src/vote-extension.ts';

const seed = new Uint8Array(32).fill(7);
const input = vrfInput('semblance-1', 12n, new Uint8Array(32));
const extension = makeExtension(seed, input);

/** Of the seed's ed25519 key, by OpenSSL. */
function addressOf(bytes: Uint8Array): Uint8Array {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytes]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  const raw = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  return new Uint8Array(createHash('sha256').update(raw).digest().subarray(0, 20));
}

describe('a vote extension', () => {
  it("says whose it is by the consensus key's address", () => {
    expect(extension).toHaveLength(EXTENSION_BYTES);
    expect(readExtension(extension, input)?.validator).toEqual(addressOf(seed));
  });

  it('is the same however often it is made, and of one input only', () => {
    expect(makeExtension(seed, input)).toEqual(extension);
    const other = vrfInput('semblance-1', 13n, new Uint8Array(32));
    expect(readExtension(extension, other)).toBeUndefined();
  });

  it('is not read with any bit changed', () => {
    fc.assert(
      fc.property(fc.nat(8 * EXTENSION_BYTES - 1), (bit) => {
        const changed = extension.slice();
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(readExtension(changed, input)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('is not read whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2 * EXTENSION_BYTES }), (bytes) => {
        expect(readExtension(bytes, input)).toBeUndefined();
      }),
    );
  });
});
