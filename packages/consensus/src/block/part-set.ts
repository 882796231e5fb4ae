import { createHash } from 'node:crypto';
import { rootOfLeafHashes } from './hash.ts';
import type { PartSetHeader } from './types.ts';

/** CometBFT's `BlockPartSizeBytes`. */
const PART_BYTES = 65_536;

/** Cuts an encoded block into parts and returns their count and Merkle root. */
export function partSetHeader(encodedBlock: Uint8Array): PartSetHeader {
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < encodedBlock.length; at += PART_BYTES) {
    leaves.push(partHash(encodedBlock.subarray(at, at + PART_BYTES)));
  }
  return { total: leaves.length, hash: rootOfLeafHashes(leaves) };
}

function partHash(part: Uint8Array): Uint8Array {
  return createHash('sha256').update(Uint8Array.of(0)).update(part).digest();
}
