import { compare, fromUtf8, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TreeError } from '../src/errors.ts';
import { TreeImport } from '../src/import.ts';
import type { Node } from '../src/node.ts';
import { type Change, createMemoryRecords, logKey, nodeKey } from '../src/records.ts';
import { Tree } from '../src/tree.ts';
import { TreeVersion } from '../src/version.ts';
import { createTree, SAVINGS } from './support.ts';

/** Short keys over few bytes, so that they meet, nest and go again. */
const key = fc
  .array(fc.constantFrom(0, 1, 2, 127, 254, 255), { minLength: 1, maxLength: 3 })
  .map((bytes) => Uint8Array.from(bytes));
const change: fc.Arbitrary<Change> = fc.record({
  key,
  value: fc.option(fc.uint8Array({ maxLength: 3 }), { nil: undefined, freq: 2 }),
});
const blocks = fc.array(fc.array(change, { maxLength: 40 }), { minLength: 1, maxLength: 8 });

/** What a version holds, the slow way. */
function entriesAfter(changes: readonly Change[]): string[] {
  const last = new Map(changes.map((one) => [toHex(one.key), one]));
  return [...last.values()]
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => compare(a.key, b.key))
    .map(({ key, value }) => `${toHex(key)}=${toHex(value as Uint8Array)}`);
}

const leavesOf = (tree: TreeVersion): string[] =>
  [...tree.postOrder()]
    .filter(({ height }) => height === 0)
    .map((leaf) => `${toHex(leaf.key)}=${toHex(tree.valueOf(leaf))}`);

/** Checks what a node says of its children; children come first in post-order. */
function expectBalanced(tree: TreeVersion) {
  const waiting: { node: Node; least: Uint8Array }[] = [];
  for (const node of tree.postOrder()) {
    if (node.height === 0) {
      expect(node.size).toBe(1);
      waiting.push({ node, least: node.key });
      continue;
    }
    const right = waiting.pop() as (typeof waiting)[number];
    const left = waiting.pop() as (typeof waiting)[number];
    expect(Math.abs(left.node.height - right.node.height)).toBeLessThanOrEqual(1);
    expect(node.height).toBe(Math.max(left.node.height, right.node.height) + 1);
    expect(node.size).toBe(left.node.size + right.node.size);
    expect(node.key).toEqual(right.least);
    expect(node.version).toBeGreaterThanOrEqual(Math.max(left.node.version, right.node.version));
    waiting.push({ node, least: left.least });
  }
  expect(waiting.length).toBeLessThanOrEqual(1);
}

test('every version is the sorted map of the changes so far, in balance', () => {
  fc.assert(
    fc.property(blocks, fc.constantFrom(...SAVINGS), (blocks, saving) => {
      const { tree, save } = createTree(saving);
      for (const changes of blocks) expectBalanced(save(changes));
      let kept = 0;
      for (const version of blocks.keys()) {
        const saved = tree.at(version + 1);
        if (saved === undefined) continue;
        kept += 1;
        expect(leavesOf(saved)).toEqual(entriesAfter(blocks.slice(0, version + 1).flat()));
      }
      // Those since the checkpoint before the last.
      expect(kept).toBeGreaterThanOrEqual(Math.min(blocks.length, saving.checkpointEvery + 1));
      expect(tree.at(0)).toBeUndefined();
      expect(tree.at(blocks.length + 1)).toBeUndefined();
    }),
  );
});

test('neither memory, nor checkpoints, nor versions given up change a hash', () => {
  fc.assert(
    fc.property(blocks, fc.array(change), (blocks, givenUp) => {
      const roots = SAVINGS.map((saving) => {
        const { tree, save } = createTree(saving);
        return blocks.map((changes) => {
          tree.prepare(tree.version + 1, givenUp);
          save(changes);
          return toHex(tree.hash);
        });
      });
      for (const others of roots) expect(others).toEqual(roots[0]);
    }),
  );
});

test('a tree that is opened again is the one that was left, with its last versions', () => {
  fc.assert(
    fc.property(blocks, fc.array(change), fc.constantFrom(...SAVINGS), (blocks, next, saving) => {
      const { tree, records, save } = createTree(saving);
      for (const changes of blocks) {
        save(changes);
        const again = new Tree(records, saving.maxNodes);
        expect(again.version).toBe(tree.version);
        expect(again.hash).toEqual(tree.hash);
        const { version } = TreeVersion.saved(records) as TreeVersion;
        for (let kept = version; kept <= tree.version; kept++) {
          const hashes = [again, tree].map((one) => toHex((one.at(kept) as TreeVersion).hash));
          expect(hashes[0]).toBe(hashes[1]);
        }
        const hashes = [again, tree].map((one) => toHex(one.prepare(tree.version + 1, next).hash));
        expect(hashes[0]).toBe(hashes[1]);
      }
    }),
  );
});

test('records hold the last two checkpoints, the logs since, and nothing else', () => {
  fc.assert(
    fc.property(blocks, fc.integer({ min: 1, max: 3 }), (blocks, checkpointEvery) => {
      const written = new Map<string, Uint8Array>();
      const records = { get: (key: Uint8Array) => written.get(toHex(key)) };
      const tree = new Tree(records, 10);
      const checkpoints: Set<string>[] = [new Set()];
      for (const [i, changes] of blocks.entries()) {
        const prepared = tree.prepare(i + 1, changes);
        const isCheckpoint = i === 0 || (i + 1) % checkpointEvery === 0;
        const recorded = isCheckpoint ? tree.checkpoint(prepared) : tree.accept(prepared);
        for (const { key, value } of recorded) {
          if (value === undefined) written.delete(toHex(key));
          else written.set(toHex(key), value);
        }
        if (!isCheckpoint) continue;
        const nodes = [...(TreeVersion.saved(records) as TreeVersion).postOrder()];
        checkpoints.push(new Set(nodes.map((node) => toHex(nodeKey(node.version, node.nonce)))));
        const [before, last] = checkpoints.slice(-2) as [Set<string>, Set<string>];
        const stored = [...written.keys()].filter((key) => key.startsWith('03'));
        expect(new Set(stored)).toEqual(new Set([...before, ...last]));
        expect(written.has(toHex(logKey(i + 1)))).toBe(false);
        expect([...written.keys()].filter((key) => key.startsWith('01'))).toEqual([]);
      }
    }),
  );
});

test('an exported version is built again, and goes on like the first', () => {
  fc.assert(
    fc.property(blocks, fc.array(change), (blocks, next) => {
      const { tree, save } = createTree({ checkpointEvery: 2, maxNodes: 100 });
      for (const changes of blocks) save(changes);
      const exported = tree.at(tree.version) as TreeVersion;
      const build = new TreeImport(tree.version);
      const records = createMemoryRecords();
      for (const node of exported.postOrder()) {
        const { version, height, key } = node;
        const entry = height === 0 ? ([key, exported.valueOf(node)] as const) : undefined;
        records.write([build.add({ version, entry })]);
      }
      const { hash, record } = build.finish();
      expect(hash).toEqual(tree.hash);
      records.write([record]);
      const copy = new Tree(records, 100);
      expect(copy.version).toBe(tree.version);
      for (const changes of [next, [], next.toReversed()]) {
        expect(copy.hash).toEqual(tree.hash);
        save(changes);
        records.write(copy.checkpoint(copy.prepare(copy.version + 1, changes)));
      }
    }),
  );
});

test('memory is bounded, and what was looked at last is what stays', () => {
  const written = createMemoryRecords();
  let reads = 0;
  const records = {
    get(key: Uint8Array) {
      reads += 1;
      return written.get(key);
    },
  };
  const tree = new Tree(records, 200);
  const keyOf = (n: number) => sha256(Uint8Array.of(n >> 8, n & 255));
  const put = (numbers: readonly number[]) => {
    reads = 0;
    const changes = numbers.map((n) => ({ key: keyOf(n), value: fromUtf8('v') }));
    written.write(tree.checkpoint(tree.prepare(tree.version + 1, changes)));
    return reads;
  };
  put(Array.from({ length: 3_000 }, (_, n) => n));
  put([]);
  expect(countLoaded(tree)).toBe(1);
  for (let n = 0; n < 200; n++) put([n]);
  expect(countLoaded(tree)).toBeLessThanOrEqual(200);
  expect(put([199])).toBeLessThan(put([2_500]));
});

/** Nodes that hang together in memory. */
function countLoaded(tree: Tree): number {
  const below = (node: Node | undefined): number =>
    node === undefined ? 0 : 1 + below(node.left) + below(node.right);
  return below(tree.prepare(tree.version + 1, []).root);
}

describe('wrong use', () => {
  const entry = { key: Uint8Array.of(1), value: Uint8Array.of(1) };

  test('versions follow one another', () => {
    const { tree, save } = createTree({ checkpointEvery: 1, maxNodes: 10 });
    save([entry]);
    expect(() => tree.prepare(3, [])).toThrow(TreeError);
    expect(() => tree.prepare(1, [])).toThrow(/version 1 after 1/);
  });

  test('a missing or damaged record is said, never taken for a tree', () => {
    for (const damaged of [undefined, new Uint8Array(0), new Uint8Array(40).fill(255)]) {
      for (let nonce = 1; nonce <= 7; nonce++) {
        const { records, save, tree } = createTree({ checkpointEvery: 1, maxNodes: 1 });
        save([1, 2, 3, 4].map((n) => ({ key: Uint8Array.of(n), value: Uint8Array.of(n) })));
        records.write([{ key: nodeKey(tree.version, nonce), value: damaged }]);
        expect(() => [...(TreeVersion.saved(records)?.postOrder() ?? [])]).toThrow(TreeError);
      }
    }
  });

  const leaf = (byte: number, version = 1) =>
    ({ version, entry: [Uint8Array.of(byte), Uint8Array.of(0)] }) as const;
  const inner = { version: 1, entry: undefined };
  test.each([
    ['an inner node without children', [leaf(1), inner]],
    ['subtrees without a parent', [leaf(1), leaf(2)]],
    ['keys that do not ascend', [leaf(2), leaf(1), inner]],
    ['a node of version 0', [leaf(1, 0)]],
    ['a node of version 9', [leaf(1, 9)]],
    ['leaves without parents', Array.from({ length: 200 }, (_, n) => leaf(n))],
  ])('import refuses %s', (reason, nodes) => {
    const build = new TreeImport(8);
    const all = () => {
      for (const node of nodes) build.add(node);
      build.finish();
    };
    expect(all).toThrow(reason);
    expect(all).toThrow(TreeError);
  });
});
