import { fromUint64, fromUtf8 } from '@semblance/core/bytes';
import { leafHash, rootOfLeafHashes } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import type { Change } from './store/store.ts';

const DOMAIN = fromUtf8('semblance/app/v1');
const SET = Uint8Array.of(1);
const DELETED = Uint8Array.of(0);

/** What the first block builds on: no state, no history. */
export const EMPTY_APP_HASH = new Uint8Array(32);

/**
 * Hash after a block, 32 bytes: of the hash before it, its height, and the Merkle root over its
 * changes in key order. By induction it covers all state. Genesis is height 0 over nothing.
 */
export function nextAppHash(
  previous: Uint8Array,
  height: bigint,
  changes: readonly Change[],
): Uint8Array {
  const root = rootOfLeafHashes(changes.map(changeLeaf));
  return sha256(DOMAIN, previous, fromUint64(height), root);
}

/** Every part before the key has a fixed size, so no two changes share a leaf. */
function changeLeaf({ key, value }: Change): Uint8Array {
  return value === undefined ? leafHash(DELETED, key) : leafHash(SET, sha256(value), key);
}
