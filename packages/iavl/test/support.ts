import { readFileSync } from 'node:fs';
import { createMemoryRecords } from '../src/records.ts';
import { type Change, Tree, type TreeOptions } from '../src/tree.ts';
import type { TreeVersion } from '../src/version.ts';

/** All in memory; everything read again for every version, only the last two versions kept. */
export const MEMORIES: readonly TreeOptions[] = [
  { keepVersions: 1_000, maxNodes: 1_000_000 },
  { keepVersions: 2, maxNodes: 1 },
];

/** A tree over records of its own. */
export function createTree(options: TreeOptions) {
  const records = createMemoryRecords();
  const tree = new Tree(records, options);
  return {
    tree,
    records,
    /** Makes and saves the next version. */
    save: (changes: readonly Change[]): TreeVersion => {
      const prepared = tree.prepare(tree.version + 1, changes);
      records.write(prepared.records);
      tree.accept(prepared);
      return tree.at(tree.version) as TreeVersion;
    },
  };
}

export const readVectors = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/iavl/${name}`, import.meta.url), 'utf8'));
