import { type Node, noteChildren } from './node.ts';

/**
 * Lets go of the saved subtrees that were looked at longest ago, until about `wanted` nodes are left
 * in memory. Parents are looked at whenever their children are, so that whole subtrees go. Returns how
 * many are left: more than wanted if `version`, the newest, alone looked at more.
 */
export function trim(root: Node, version: number, wanted: number): number {
  const counts = new Map<number, number>();
  count(root, counts);
  return 1 + release(root, cutoffOf(counts, version, wanted));
}

function count(node: Node, counts: Map<number, number>): void {
  counts.set(node.used, (counts.get(node.used) ?? 0) + 1);
  if (node.left !== undefined) count(node.left, counts);
  if (node.right !== undefined) count(node.right, counts);
}

/** The first version whose nodes stay; those of the newest one always do. */
function cutoffOf(counts: ReadonlyMap<number, number>, version: number, wanted: number): number {
  const newestFirst = [...counts].sort(([a], [b]) => b - a);
  let cutoff = version;
  let kept = 0;
  for (const [used, nodes] of newestFirst) {
    kept += nodes;
    if (used < version && kept > wanted) break;
    cutoff = used;
  }
  return cutoff;
}

/** Returns how many nodes are left below the node. */
function release(node: Node, cutoff: number): number {
  noteChildren(node);
  if (node.left !== undefined && canGo(node.left, cutoff)) node.left = undefined;
  if (node.right !== undefined && canGo(node.right, cutoff)) node.right = undefined;
  const left = node.left === undefined ? 0 : 1 + release(node.left, cutoff);
  return left + (node.right === undefined ? 0 : 1 + release(node.right, cutoff));
}

/** Below a saved node all are saved. */
const canGo = ({ nonce, used }: Node, cutoff: number) => nonce !== 0 && used < cutoff;
