import { compare, concat, equals } from '@semblance/core/bytes';
import {
  CommitmentProof,
  type ExistenceProof,
  HashOp,
  type InnerOp,
  type LeafOp,
  LengthOp,
  type NonExistenceProof,
} from 'cosmjs-types/cosmos/ics23/v1/proofs';
import { type Node, writeInnerPrefix, writeLeafPrefix } from './node.ts';
import type { Path, Step, TreeVersion } from './version.ts';

/*
 * ICS-23 proofs in the form that `iavlSpec` describes, byte for byte those of cosmos/iavl
 * (proof_ics23.go).
 */

/**
 * Encoded `cosmos.ics23.v1.CommitmentProof` of the key's value, or of its absence. Undefined of an
 * empty tree, in which nothing can be proved.
 */
export function proveKey(tree: TreeVersion, key: Uint8Array): Uint8Array | undefined {
  const path = tree.pathTo(key);
  if (path === undefined) return undefined;
  const proof = equals(path.leaf.key, key)
    ? { exist: existence(tree, path) }
    : { nonexist: absence(tree, key, path) };
  return CommitmentProof.encode(proof).finish();
}

function existence(tree: TreeVersion, { steps, leaf }: Path): ExistenceProof {
  return {
    key: leaf.key,
    value: tree.valueOf(leaf),
    leaf: leafOp(leaf),
    path: steps.map(innerOp).reverse(),
  };
}

/** The neighbours on both sides, one of them at the ends of the tree. */
function absence(tree: TreeVersion, key: Uint8Array, path: Path): NonExistenceProof {
  const next = nextKey(path, key);
  const right = next === undefined ? undefined : tree.pathTo(next);
  return {
    key,
    ...(compare(path.leaf.key, key) < 0 && { left: existence(tree, path) }),
    ...(right !== undefined && { right: existence(tree, right) }),
  };
}

/**
 * The least key above `key`: that of the last inner node at which the way went left, which is the
 * least of its right subtree; or the leaf's, if the way led to the first leaf and that is above.
 */
function nextKey({ steps, leaf }: Path, key: Uint8Array): Uint8Array | undefined {
  const isBelow = compare(leaf.key, key) < 0;
  return isBelow ? steps.findLast(({ isLeft }) => isLeft)?.node.key : leaf.key;
}

const scratch = new Uint8Array(64);

function leafOp({ version }: Node): LeafOp {
  return {
    hash: HashOp.SHA256,
    prehashKey: HashOp.NO_HASH,
    prehashValue: HashOp.SHA256,
    length: LengthOp.VAR_PROTO,
    prefix: scratch.slice(0, writeLeafPrefix(scratch, version)),
  };
}

/** What stands before and behind the child's hash: the sibling's is on one of the sides. */
function innerOp({ node, sibling, isLeft }: Step): InnerOp {
  const numbers = scratch.slice(0, writeInnerPrefix(scratch, node));
  const side = concat(HASH_LENGTH, sibling);
  return isLeft
    ? { hash: HashOp.SHA256, prefix: concat(numbers, HASH_LENGTH), suffix: side }
    : { hash: HashOp.SHA256, prefix: concat(numbers, side, HASH_LENGTH), suffix: NOTHING };
}

const HASH_LENGTH = Uint8Array.of(32);
const NOTHING = new Uint8Array(0);
