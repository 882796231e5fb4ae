import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@semblance/core/sha256';
// By this path: the package's default falls back silently to code 37 times slower.
import bindings from 'secp256k1/bindings.js';
import { Recent } from '../../recent.ts';
import { toByteString } from '../../store/byte-string.ts';

/** Whether the bytes are a compressed point of the curve. */
function isPublicKey(key: Uint8Array): boolean {
  return key.length === 33 && bindings.publicKeyVerify(key);
}

/** Account address of a compressed public key, 20 bytes: RIPEMD-160 of SHA-256, as in Cosmos. */
export function addressOf(publicKey: Uint8Array): Uint8Array {
  return ripemd160(sha256(publicKey));
}

/** Asked of an account's first transaction for the pool, after every block in which it waits, and in its own. */
const owners = new Recent<Uint8Array>(4096);

/** The address of the account that a key owns; undefined if it is not a compressed point of the curve. */
export function ownerOf(publicKey: Uint8Array): Uint8Array | undefined {
  const name = toByteString(publicKey);
  const known = owners.get(name);
  if (known !== undefined) return known;
  if (!isPublicKey(publicKey)) return undefined;
  const owner = addressOf(publicKey);
  owners.set(name, owner);
  return owner;
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
