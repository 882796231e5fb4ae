import { createInner, createLeaf, encodeNode, hashInner, hashLeaf, type Node } from './node.ts';
import { nodeKey, type RecordChange } from './records.ts';

/** A whole tree that becomes part of another: what is below its root is in the records alone. */
export interface Subtree {
  readonly node: Node;
  readonly hash: Uint8Array;
  readonly leastKey: Uint8Array;
}

export function leafSubtree(key: Uint8Array, value: Uint8Array, version: number): Subtree {
  const node = createLeaf(key, value, version);
  return { node, hash: hashLeaf(node, value), leastKey: key };
}

/** Both under a new node. They are numbered already. */
export function joinSubtrees(left: Subtree, right: Subtree, version: number): Subtree {
  const node = createInner(right.leastKey, left.node, right.node, version);
  node.left = undefined;
  node.right = undefined;
  node.leftVersion = left.node.version;
  node.leftNonce = left.node.nonce;
  node.rightVersion = right.node.version;
  node.rightNonce = right.node.nonce;
  node.hash = hashInner(node, left.hash, right.hash);
  return { node, hash: node.hash, leastKey: left.leastKey };
}

/** Numbers the subtree's root; returns its record. */
export function numberSubtree({ node }: Subtree, nonce: number): RecordChange {
  node.nonce = nonce;
  return { key: nodeKey(node.version, nonce), value: encodeNode(node) };
}
