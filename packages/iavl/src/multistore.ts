import { concat, fromUtf8 } from '@semblance/core/bytes';
import { merklePath, merkleRoot } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import {
  CommitmentProof,
  HashOp,
  type InnerOp,
  LengthOp,
} from 'cosmjs-types/cosmos/ics23/v1/proofs';
import type { ProofOp } from 'cosmjs-types/tendermint/crypto/proof';
import { writeUvarint } from './varint.ts';

/*
 * One root over the trees of several stores, as the Cosmos SDK's multistore makes it: an RFC 6962
 * Merkle tree whose leaves are names and hashes of roots, in the order of the names.
 */

/** A store and the root of its tree, 32 bytes. */
export interface StoreRoot {
  /** ASCII, at most 127 letters. */
  readonly name: string;
  readonly hash: Uint8Array;
}

/** The root over all stores, 32 bytes. */
export function multistoreRoot(stores: readonly StoreRoot[]): Uint8Array {
  return merkleRoot(ordered(stores).map(leafOf));
}

/**
 * The two steps of a proof in the SDK's words: from a key to its store's root, and from there to
 * the root over all stores. `proof` is what `proveKey` gave.
 */
export function proofOps(
  stores: readonly StoreRoot[],
  name: string,
  key: Uint8Array,
  proof: Uint8Array,
): ProofOp[] {
  return [
    { type: 'ics23:iavl', key, data: proof },
    { type: 'ics23:simple', key: fromUtf8(name), data: proveStore(stores, name) },
  ];
}

/** Encoded `cosmos.ics23.v1.CommitmentProof` of a store's root, in the form of `tendermintSpec`. */
function proveStore(stores: readonly StoreRoot[], name: string): Uint8Array {
  const sorted = ordered(stores);
  const index = sorted.findIndex((store) => store.name === name);
  const store = sorted[index];
  if (store === undefined) throw new RangeError(`no store ${name}`);
  const path = merklePath(sorted.map(leafOf), index);
  const leaf = {
    hash: HashOp.SHA256,
    prehashKey: HashOp.NO_HASH,
    prehashValue: HashOp.SHA256,
    length: LengthOp.VAR_PROTO,
    prefix: LEAF,
  };
  const exist = {
    key: fromUtf8(name),
    value: store.hash,
    leaf,
    path: innerOps(path, index, sorted.length),
  };
  return CommitmentProof.encode({ exist }).finish();
}

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/** Names differ, so that their order by code unit is the order of their bytes. */
const ordered = (stores: readonly StoreRoot[]) =>
  stores.toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Name and hash of the root's hash, each after its length. */
function leafOf({ name, hash }: StoreRoot): Uint8Array {
  const key = fromUtf8(name);
  const length = new Uint8Array(2);
  return concat(
    length.subarray(0, writeUvarint(length, 0, key.length)),
    key,
    Uint8Array.of(32),
    sha256(hash),
  );
}

/** Siblings from the leaf upwards; at each the leaf lies left or right of the split. */
function innerOps(path: readonly Uint8Array[], index: number, size: number): InnerOp[] {
  const sibling = path.at(-1);
  if (sibling === undefined) return [];
  let split = 1;
  while (split * 2 < size) split *= 2;
  const rest = path.slice(0, -1);
  return index < split
    ? [...innerOps(rest, index, split), innerOp(INNER, sibling)]
    : [...innerOps(rest, index - split, size - split), innerOp(concat(INNER, sibling))];
}

const innerOp = (prefix: Uint8Array, suffix: Uint8Array = new Uint8Array(0)): InnerOp => ({
  hash: HashOp.SHA256,
  prefix,
  suffix,
});
