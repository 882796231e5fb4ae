import { merkleRoot } from '@semblance/core/merkle';
import type { PartSetHeader } from './types.ts';

/** CometBFT's `BlockPartSizeBytes`. */
const PART_BYTES = 65_536;

/** Cuts an encoded block into parts and returns their count and Merkle root. */
export function partSetHeader(encodedBlock: Uint8Array): PartSetHeader {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < encodedBlock.length; at += PART_BYTES) {
    parts.push(encodedBlock.subarray(at, at + PART_BYTES));
  }
  return { total: parts.length, hash: merkleRoot(parts) };
}
