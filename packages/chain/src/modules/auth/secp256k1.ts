import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@semblance/core/sha256';
// By this path: the package's default falls back silently to code 37 times slower.
import bindings from 'secp256k1/bindings.js';

/** Whether the bytes are a compressed point of the curve. */
export function isPublicKey(key: Uint8Array): boolean {
  return key.length === 33 && bindings.publicKeyVerify(key);
}

/** Account address of a compressed public key, 20 bytes: RIPEMD-160 of SHA-256, as in Cosmos. */
export function addressOf(publicKey: Uint8Array): Uint8Array {
  return ripemd160(sha256(publicKey));
}

/**
 * Whether `signature` (r and s, 64 bytes) signs a 32-byte digest. A high s is refused, or anyone
 * could turn a signature into a second valid one and with it change a transaction's hash.
 */
export function verifySignature(
  digest: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== 64) return false;
  try {
    return bindings.ecdsaVerify(signature, digest, publicKey);
  } catch {
    return false; // r or s is not below the curve's order
  }
}
