import { encodeNode, type Node, noteChildren } from './node.ts';
import { nodeKey, type RecordChange } from './records.ts';

/** Numbers the nodes below `root` that are not saved yet; returns their records. */
export function saveNodes(root: Node): RecordChange[] {
  const changes: RecordChange[] = [];
  if (root.nonce === 0) save(root, changes);
  return changes;
}

/** Children first: a parent's record names them. */
function save(node: Node, changes: RecordChange[]): void {
  if (node.left?.nonce === 0) save(node.left, changes);
  if (node.right?.nonce === 0) save(node.right, changes);
  noteChildren(node);
  // One count for all: versions differ from one checkpoint to the next.
  node.nonce = changes.length + 1;
  changes.push({ key: nodeKey(node.version, node.nonce), value: encodeNode(node) });
  // From now on it is in the record, and most leaves are not looked at again soon.
  node.value = undefined;
}
