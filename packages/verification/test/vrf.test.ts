import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { PROOF_BYTES, prove, verify, vrfPublicKey } from '../src/vrf.ts';

interface Vector {
  seed: string;
  key: string;
  input: string;
  proof: string;
  output: string;
}
const file = new URL('../../../vectors/vrf/rfc9381-edwards25519-sha512-tai.json', import.meta.url);
const vectors: Vector[] = JSON.parse(readFileSync(file, 'utf8'));

const seed = new Uint8Array(32).fill(7);
const key = vrfPublicKey(seed);
const input = new TextEncoder().encode('semblance-1/12');
const proof = prove(seed, input);

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) =>
    Number((value >> BigInt(8 * index)) & 0xffn),
  );
}

function mapToCurve(attemptOf: (attempt: number) => Uint8Array): Uint8Array {
  for (let attempt = 0; ; attempt++) {
    try {
      return ed25519.Point.fromBytes(sha512(attemptOf(attempt)).subarray(0, 32))
        .clearCofactor()
        .toBytes();
    } catch {
      // Not a point: half of all attempts are not.
    }
  }
}

describe('the vectors of RFC 9381', () => {
  it('has all three', () => expect(vectors).toHaveLength(3));

  it.each(vectors)('proves and verifies input "$input"', (vector) => {
    const [vectorSeed, vectorInput] = [hexToBytes(vector.seed), hexToBytes(vector.input)];
    expect(vrfPublicKey(vectorSeed)).toEqual(hexToBytes(vector.key));
    expect(prove(vectorSeed, vectorInput)).toEqual(hexToBytes(vector.proof));
    expect(verify(hexToBytes(vector.key), vectorInput, hexToBytes(vector.proof))).toEqual(
      hexToBytes(vector.output),
    );
  });
});

describe('a proof', () => {
  it('verifies for its key and input', () => expect(verify(key, input, proof)).toHaveLength(64));

  it('is refused when any one bit of it is changed', () => {
    for (let bit = 0; bit < PROOF_BYTES * 8; bit += 5) {
      const changed = Uint8Array.from(proof);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verify(key, input, changed), `bit ${bit}`).toBeUndefined();
    }
  });

  it('is refused for another input and another key', () => {
    expect(verify(key, input.subarray(1), proof)).toBeUndefined();
    expect(verify(vrfPublicKey(new Uint8Array(32).fill(8)), input, proof)).toBeUndefined();
  });

  it('is refused at any other length', () => {
    for (const bytes of [0, 1, PROOF_BYTES - 1])
      expect(verify(key, input, proof.subarray(0, bytes))).toBeUndefined();
    expect(verify(key, input, Uint8Array.of(...proof, 0))).toBeUndefined();
  });

  it('is refused with the response plus the order of the group, which would be a second proof of the same', () => {
    const response = proof
      .subarray(48)
      .reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
    const second = Uint8Array.of(...proof.subarray(0, 48), ...littleEndian(response + ORDER));
    expect(verify(key, input, second)).toBeUndefined();
  });
});

describe('a key', () => {
  it('is refused when it is of small order, even with a proof whose equations hold', () => {
    // With Y and Gamma the identity and s = 0, U and V are the identity whatever the challenge is: anyone can do it.
    const identity = littleEndian(1n);
    const suite = (step: number) => Uint8Array.of(3, step);
    const h = mapToCurve((attempt) =>
      concatBytes(suite(1), identity, input, Uint8Array.of(attempt, 0)),
    );
    const c = sha512(
      concatBytes(suite(2), identity, h, identity, identity, identity, Uint8Array.of(0)),
    );
    const forged = concatBytes(identity, c.subarray(0, 16), new Uint8Array(32));
    expect(verify(identity, input, forged)).toBeUndefined();
  });

  it('is refused when it is not the canonical encoding or not 32 bytes', () => {
    expect(verify(littleEndian(2n ** 255n - 19n + 1n), input, proof)).toBeUndefined();
    expect(verify(key.subarray(1), input, proof)).toBeUndefined();
  });
});
