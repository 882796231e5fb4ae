import { readFileSync } from 'node:fs';
import { type Change, createMemoryRecords } from '../src/records.ts';
import { type PreparedVersion, Tree } from '../src/tree.ts';
import type { TreeVersion } from '../src/version.ts';

/** When to save all nodes, and how many of them may stay in memory. */
export interface Saving {
  readonly checkpointEvery: number;
  readonly maxNodes: number;
}

/** All in memory; all saved and read again for every version; and something in between. */
export const SAVINGS: readonly Saving[] = [
  { checkpointEvery: Number.POSITIVE_INFINITY, maxNodes: Number.POSITIVE_INFINITY },
  { checkpointEvery: 1, maxNodes: 1 },
  { checkpointEvery: 3, maxNodes: 20 },
];

/** A tree over records of its own. */
export function createTree({ checkpointEvery, maxNodes }: Saving) {
  const records = createMemoryRecords();
  const tree = new Tree(records, maxNodes);
  const accept = (prepared: PreparedVersion) =>
    prepared.version % checkpointEvery === 0 ? tree.checkpoint(prepared) : tree.accept(prepared);
  return {
    tree,
    records,
    /** Makes and saves the next version. */
    save: (changes: readonly Change[]): TreeVersion => {
      records.write(accept(tree.prepare(tree.version + 1, changes)));
      return tree.at(tree.version) as TreeVersion;
    },
  };
}

export const readVectors = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/iavl/${name}`, import.meta.url), 'utf8'));
