import { sha256 } from '@semblance/core/sha256';
import { equals } from './bytes.ts';

/*
 * Merkle trees in the shape of RFC 6962, section 2.1, which is also CometBFT's: leaf and inner
 * hashes carry different prefixes, and the left subtree is the greatest power of two below n.
 */

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/** Hash of a leaf, whose data may come in parts. */
export function leafHash(...data: readonly Uint8Array[]): Uint8Array {
  return sha256(LEAF, ...data);
}

function innerHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(INNER, left, right);
}

/** Root over the leaves' data, 32 bytes. No leaves give the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return rootOfLeafHashes(leaves.map((leaf) => leafHash(leaf)));
}

/** The same over leaves that are hashed already. */
export function rootOfLeafHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? sha256() : rootOfHashes(hashes);
}

/** Sibling hashes from the leaf at `index` up to the root. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`leaf ${index} of ${leaves.length}`);
  }
  return pathOfHashes(
    leaves.map((leaf) => leafHash(leaf)),
    index,
  );
}

/** Whether `data` is leaf `index` of the `size` leaves under `root`. Never throws on hostile input. */
export function verifyMerklePath(
  root: Uint8Array,
  data: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return false;
  if (index < 0 || index >= size || path.length > 52) return false;
  const computed = climb(leafHash(data), index, size, path, path.length);
  return computed !== undefined && equals(computed, root);
}

/** Root implied by the first `depth` path hashes, or undefined when the path has the wrong length. */
function climb(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  depth: number,
): Uint8Array | undefined {
  if (size === 1) return depth === 0 ? leaf : undefined;
  const sibling = path[depth - 1];
  if (sibling === undefined || sibling.length !== 32) return undefined;
  const split = leftSize(size);
  if (index < split) {
    const left = climb(leaf, index, split, path, depth - 1);
    return left && innerHash(left, sibling);
  }
  const right = climb(leaf, index - split, size - split, path, depth - 1);
  return right && innerHash(sibling, right);
}

function rootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  const split = leftSize(hashes.length);
  return innerHash(rootOfHashes(hashes.slice(0, split)), rootOfHashes(hashes.slice(split)));
}

function pathOfHashes(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (hashes.length === 1) return [];
  const split = leftSize(hashes.length);
  const left = hashes.slice(0, split);
  const right = hashes.slice(split);
  return index < split
    ? [...pathOfHashes(left, index), rootOfHashes(right)]
    : [...pathOfHashes(right, index - split), rootOfHashes(left)];
}

/** Greatest power of two strictly below `size` (size >= 2). */
function leftSize(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
