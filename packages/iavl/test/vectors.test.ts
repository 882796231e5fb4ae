import { concat, fromHex, fromUint64, fromUtf8, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { ProofOps } from 'cosmjs-types/tendermint/crypto/proof';
import { expect, test } from 'vitest';
import { multistoreRoot, proofOps } from '../src/multistore.ts';
import { proveKey } from '../src/proof.ts';
import type { TreeVersion } from '../src/version.ts';
import { operations, type Sequence } from './sequence.ts';
import { createTree, readVectors, SAVINGS } from './support.ts';

interface Proof {
  readonly key: string;
  readonly exists: boolean;
  readonly proof: string;
}

interface TreeVector {
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

interface MultistoreVector {
  readonly stores: Readonly<Record<string, readonly string[]>>;
  readonly hash: string;
  readonly queries: readonly {
    readonly store: string;
    readonly key: string;
    readonly value: string;
    readonly proof_ops: string;
  }[];
}

/** As main.go's exportDigest. */
function digestOf(version: TreeVersion): string {
  const uint32 = (value: number) => fromUint64(BigInt(value)).slice(4);
  const parts = Array.from(version.postOrder(), (node) => {
    const value = node.height === 0 ? version.valueOf(node) : new Uint8Array(0);
    return [
      Uint8Array.of(node.height),
      fromUint64(BigInt(node.version)),
      uint32(node.key.length),
      node.key,
      uint32(value.length),
      value,
    ];
  });
  return toHex(sha256(concat(...parts.flat())));
}

function expectProofs(tree: TreeVersion, proofs: readonly Proof[]) {
  for (const { key, exists, proof } of proofs) {
    const bytes = fromHex(key);
    expect(tree.get(bytes) !== undefined).toBe(exists);
    expect(toHex(proveKey(tree, bytes) ?? new Uint8Array(0))).toBe(proof);
  }
}

test.each(readVectors('trees.json') as TreeVector[])(
  '$name, seed $sequence.seed: versions and proofs of cosmos/iavl',
  ({ sequence, versions, proofs, older_proofs }) => {
    for (const options of SAVINGS) {
      const { tree, save } = createTree(options);
      const source = operations(sequence);
      for (const expected of versions) {
        const saved = save(Array.from({ length: expected.operations }, () => source.next().value));
        expect(toHex(tree.hash)).toBe(expected.hash);
        expect(toHex(saved.hash)).toBe(expected.hash);
        expect([saved.size, saved.height]).toEqual([expected.size, expected.height]);
        expect(digestOf(saved)).toBe(expected.nodes);
      }
      expectProofs(tree.at(versions.length) as TreeVersion, proofs);
      const older = tree.at(Math.floor((versions.length + 1) / 2));
      if (older !== undefined) expectProofs(older, older_proofs);
    }
  },
);

test.each(readVectors('multistore.json') as MultistoreVector[])(
  'the root over $stores and its proofs are the SDK multistore’s',
  ({ stores, hash, queries }) => {
    const trees = new Map(
      Object.entries(stores).map(([name, keys]) => {
        const { save } = createTree({ checkpointEvery: 1, maxNodes: 100 });
        const entries = keys.map((key) => ({
          key: fromUtf8(key),
          value: fromUtf8(`value of ${key}`),
        }));
        return [name, save(entries)];
      }),
    );
    const roots = Array.from(trees, ([name, tree]) => ({ name, hash: tree.hash }));
    expect(toHex(multistoreRoot(roots))).toBe(hash);
    expect(toHex(multistoreRoot(roots.toReversed()))).toBe(hash);
    for (const { store, key, value, proof_ops } of queries) {
      const tree = trees.get(store) as TreeVersion;
      const bytes = fromUtf8(key);
      expect(tree.get(bytes)).toEqual(value === '' ? undefined : fromUtf8(value));
      const proof = proveKey(tree, bytes) as Uint8Array;
      const ops = proofOps(roots, store, bytes, proof);
      expect(toHex(ProofOps.encode({ ops }).finish())).toBe(proof_ops);
    }
  },
);
