import { sha256 as noble } from '@noble/hashes/sha2.js';

/**
 * SHA-256 of the concatenation of the parts, 32 bytes. Synchronous, and the same everywhere: this
 * portable one is for browsers, in Node the native one stands in its place.
 */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = noble.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}
