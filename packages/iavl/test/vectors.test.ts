import { readFileSync } from 'node:fs';
import { concat, fromUint64, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { expect, test } from 'vitest';
import { createMemoryRecords } from '../src/records.ts';
import { Tree } from '../src/tree.ts';
import type { TreeVersion } from '../src/version.ts';
import { operations, type Sequence } from './sequence.ts';

interface Proof {
  readonly key: string;
  readonly exists: boolean;
  readonly proof: string;
}

interface Vector {
  readonly name: string;
  readonly sequence: Sequence;
  readonly versions: readonly {
    readonly operations: number;
    readonly hash: string;
    readonly size: number;
    readonly height: number;
    readonly nodes: string;
  }[];
  readonly proofs: readonly Proof[];
  readonly older_proofs: readonly Proof[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/iavl/${name}`, import.meta.url), 'utf8'));

/** As main.go's exportDigest. */
function digestOf(version: TreeVersion): string {
  const uint32 = (value: number) => fromUint64(BigInt(value)).slice(4);
  const parts = Array.from(version.postOrder(), ({ height, version, key, value }) => [
    Uint8Array.of(height),
    fromUint64(BigInt(version)),
    uint32(key.length),
    key,
    uint32(value?.length ?? 0),
    value ?? new Uint8Array(0),
  ]);
  return toHex(sha256(concat(...parts.flat())));
}

/** All in memory; everything read again for every version, only the last two versions kept. */
const memories = [
  { keepVersions: 1_000, maxNodes: 1_000_000 },
  { keepVersions: 2, maxNodes: 1 },
];

test.each(read('trees.json') as Vector[])(
  '$name, seed $sequence.seed: versions of cosmos/iavl',
  ({ sequence, versions }) => {
    for (const options of memories) {
      const records = createMemoryRecords();
      const tree = new Tree(records, options);
      const source = operations(sequence);
      for (const [i, expected] of versions.entries()) {
        const changes = Array.from({ length: expected.operations }, () => source.next().value);
        const prepared = tree.prepare(i + 1, changes);
        records.write(prepared.records);
        tree.accept(prepared);
        expect(toHex(prepared.hash)).toBe(expected.hash);
        const saved = tree.at(i + 1) as TreeVersion;
        expect([saved.size, saved.height]).toEqual([expected.size, expected.height]);
        expect(digestOf(saved)).toBe(expected.nodes);
      }
    }
  },
);
