import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';

// ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381: whoever holds the key can compute one output, and only one,
// for an input; everybody else can check it and nobody can foresee it.

/** Bytes of a proof: the point Gamma (32), the challenge (16) and the response (32). */
export const PROOF_BYTES = 80;

const SUITE = 0x03;
const ENCODE_TO_CURVE = 0x01;
const CHALLENGE = 0x02;
const PROOF_TO_HASH = 0x03;
const END = 0x00;

const POINT_BYTES = 32;
const CHALLENGE_BYTES = 16;
const ATTEMPTS = 256;

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
type CurvePoint = InstanceType<typeof Point>;

/** The public key that checks the proofs made with a 32-byte seed. */
export function vrfPublicKey(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(seed);
}

/** The proof of the output that the seed's key has for this input. The same input always gives the same proof. */
export function prove(seed: Uint8Array, input: Uint8Array): Uint8Array {
  const { scalar, prefix, pointBytes: key } = ed25519.utils.getExtendedPublicKey(seed);
  const h = encodeToCurve(key, input);
  const hBytes = h.toBytes();
  const nonce = littleEndian(sha512(concatBytes(prefix, hBytes))) % ORDER;

  const gamma = h.multiply(scalar).toBytes();
  const u = Point.BASE.multiply(nonce).toBytes();
  const v = h.multiply(nonce).toBytes();
  const c = challenge([key, hBytes, gamma, u, v]);
  const response = (nonce + littleEndian(c) * scalar) % ORDER;
  return concatBytes(gamma, c, toLittleEndian(response));
}

/** The output, 64 bytes, if the proof is right for this key and input; nothing if anything about them is wrong. */
export function verify(
  key: Uint8Array,
  input: Uint8Array,
  proof: Uint8Array,
): Uint8Array | undefined {
  if (proof.length !== PROOF_BYTES) return undefined;
  const gammaBytes = proof.subarray(0, POINT_BYTES);
  const c = proof.subarray(POINT_BYTES, POINT_BYTES + CHALLENGE_BYTES);
  const s = littleEndian(proof.subarray(POINT_BYTES + CHALLENGE_BYTES));
  const y = decodePoint(key);
  const gamma = decodePoint(gammaBytes);
  // A key of small order would make the output the same for every input (validate_key of the RFC).
  if (!y || !gamma || s >= ORDER || y.isSmallOrder()) return undefined;

  const h = encodeToCurve(key, input);
  const scalar = littleEndian(c);
  const u = Point.BASE.multiplyUnsafe(s).subtract(y.multiplyUnsafe(scalar)).toBytes();
  const v = h.multiplyUnsafe(s).subtract(gamma.multiplyUnsafe(scalar)).toBytes();
  const expected = challenge([key, h.toBytes(), gammaBytes, u, v]);
  if (!expected.every((byte, index) => byte === c[index])) return undefined;
  return sha512(
    concatBytes(
      Uint8Array.of(SUITE, PROOF_TO_HASH),
      gamma.clearCofactor().toBytes(),
      Uint8Array.of(END),
    ),
  );
}

/** Try and increment: hashes until the result is a point. Every attempt fails with probability one half. */
function encodeToCurve(key: Uint8Array, input: Uint8Array): CurvePoint {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const tail = Uint8Array.of(attempt, END);
    const hash = sha512(concatBytes(Uint8Array.of(SUITE, ENCODE_TO_CURVE), key, input, tail));
    const point = decodePoint(hash.subarray(0, POINT_BYTES))?.clearCofactor();
    if (point && !point.is0()) return point;
  }
  throw new RangeError('no point found for a VRF input: this has a probability of 2^-256');
}

/** The point that these bytes are the one canonical encoding of. */
function decodePoint(bytes: Uint8Array): CurvePoint | undefined {
  if (bytes.length !== POINT_BYTES) return undefined;
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

function challenge(points: readonly Uint8Array[]): Uint8Array {
  const hash = sha512(concatBytes(Uint8Array.of(SUITE, CHALLENGE), ...points, Uint8Array.of(END)));
  return hash.subarray(0, CHALLENGE_BYTES);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function toLittleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: POINT_BYTES }, (_, index) =>
    Number((value >> BigInt(8 * index)) & 0xffn),
  );
}
