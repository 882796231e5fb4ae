import { compare, fromUtf8, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TreeError } from '../src/errors.ts';
import { TreeImport } from '../src/import.ts';
import type { Node } from '../src/node.ts';
import { createMemoryRecords, nodeRecordKey, readHead } from '../src/records.ts';
import { type Change, Tree } from '../src/tree.ts';
import type { TreeVersion } from '../src/version.ts';
import { createTree, MEMORIES } from './support.ts';

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
    .map(({ key, value }) => `${toHex(key)}=${toHex(value as Uint8Array)}`);

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
    fc.property(blocks, (blocks) => {
      const { tree, save } = createTree({ keepVersions: 100, maxNodes: 4 });
      for (const changes of blocks) expectBalanced(save(changes));
      for (const version of blocks.keys()) {
        const saved = tree.at(version + 1) as TreeVersion;
        expect(leavesOf(saved)).toEqual(entriesAfter(blocks.slice(0, version + 1).flat()));
      }
    }),
  );
});

test('neither memory, nor restarts, nor versions given up change a hash', () => {
  fc.assert(
    fc.property(blocks, fc.array(change), (blocks, given_up) => {
      const roots = MEMORIES.map((options) => {
        const { tree, save } = createTree(options);
        return blocks.map((changes) => {
          save(changes);
          return toHex(tree.hash);
        });
      });
      const records = createMemoryRecords();
      const restarted = blocks.map((changes, i) => {
        const tree = new Tree(records, { keepVersions: 1, maxNodes: 10 });
        tree.prepare(i + 1, given_up);
        const prepared = tree.prepare(i + 1, changes);
        records.write(prepared.records);
        return toHex(prepared.hash);
      });
      expect(roots[1]).toEqual(roots[0]);
      expect(restarted).toEqual(roots[0]);
    }),
  );
});

test('records hold the kept versions and nothing else', () => {
  fc.assert(
    fc.property(blocks, fc.integer({ min: 1, max: 3 }), (blocks, keepVersions) => {
      const written = new Map<string, Uint8Array>();
      const records = { get: (key: Uint8Array) => written.get(toHex(key)) };
      const tree = new Tree(records, { keepVersions, maxNodes: 10 });
      for (const [i, changes] of blocks.entries()) {
        const prepared = tree.prepare(i + 1, changes);
        for (const { key, value } of prepared.records) {
          if (value === undefined) written.delete(toHex(key));
          else written.set(toHex(key), value);
        }
        tree.accept(prepared);
        const oldest = Math.max(1, i + 2 - keepVersions);
        expect(readHead(records)).toEqual({ latest: i + 1, oldest });
        expect(tree.at(oldest - 1)).toBeUndefined();
        expect(tree.at(i + 2)).toBeUndefined();
        const kept = Array.from({ length: i + 2 - oldest }, (_, n) => tree.at(oldest + n));
        const nodes = new Set(
          kept.flatMap((version) =>
            Array.from((version as TreeVersion).postOrder(), (node) =>
              [node.version, node.nonce].join(),
            ),
          ),
        );
        const stored = [...written.keys()].filter((key) => key.startsWith('03'));
        expect(stored).toHaveLength(nodes.size);
        const orphans = [...written.keys()].filter((key) => key.startsWith('02'));
        expect(orphans.length).toBeLessThan(keepVersions);
      }
    }),
  );
});

test('an exported version is built again, and goes on like the first', () => {
  fc.assert(
    fc.property(blocks, fc.array(change), (blocks, next) => {
      const { tree, save } = createTree({ keepVersions: 1, maxNodes: 100 });
      for (const changes of blocks) save(changes);
      const exported = [...(tree.at(tree.version) as TreeVersion).postOrder()];
      const build = new TreeImport(tree.version);
      const records = createMemoryRecords();
      for (const { version, height, key, value } of exported) {
        const entry = height === 0 ? ([key, value as Uint8Array] as const) : undefined;
        records.write([build.add({ version, entry })]);
      }
      const { hash, records: last } = build.finish();
      expect(hash).toEqual(tree.hash);
      records.write(last);
      const copy = new Tree(records, { keepVersions: 1, maxNodes: 100 });
      expect(copy.version).toBe(tree.version);
      expect(copy.hash).toEqual(tree.hash);
      save(next);
      expect(copy.prepare(copy.version + 1, next).hash).toEqual(tree.hash);
    }),
  );
});

test('memory is bounded however much the tree holds', () => {
  const { records } = createTree({ keepVersions: 1, maxNodes: 200 });
  let reads = 0;
  const counting = {
    get(key: Uint8Array) {
      reads += 1;
      return records.get(key);
    },
  };
  const tree = new Tree(counting, { keepVersions: 1, maxNodes: 200 });
  const put = (changes: readonly Change[]) => {
    const prepared = tree.prepare(tree.version + 1, changes);
    records.write(prepared.records);
    tree.accept(prepared);
  };
  const keyOf = (n: number) => sha256(Uint8Array.of(n >> 8, n & 255));
  put(Array.from({ length: 3_000 }, (_, n) => ({ key: keyOf(n), value: fromUtf8('v') })));
  for (let n = 0; n < 200; n++) put([{ key: keyOf(n), value: fromUtf8('w') }]);
  expect(countLoaded(tree)).toBeLessThanOrEqual(200);
  // A key that was just there costs no read: what was looked at last is what stays.
  reads = 0;
  put([{ key: keyOf(199), value: fromUtf8('x') }]);
  const readsOfHot = reads;
  reads = 0;
  put([{ key: keyOf(2_500), value: fromUtf8('x') }]);
  expect(readsOfHot).toBeLessThan(reads);
});

/** Nodes that hang together in memory. */
function countLoaded(tree: Tree): number {
  const below = (node: Node | undefined): number =>
    node === undefined ? 0 : 1 + below(node.left) + below(node.right);
  return below(tree.prepare(tree.version + 1, []).state.root);
}

describe('wrong use', () => {
  const entry = { key: Uint8Array.of(1), value: Uint8Array.of(1) };

  test('versions follow one another', () => {
    const { tree, save } = createTree({ keepVersions: 1, maxNodes: 10 });
    save([entry]);
    expect(() => tree.prepare(3, [])).toThrow(TreeError);
    expect(() => tree.prepare(1, [])).toThrow(/version 1 after 1/);
  });

  test('a missing or damaged record is said, never taken for a tree', () => {
    for (const damaged of [undefined, new Uint8Array(0), new Uint8Array(40).fill(255)]) {
      for (let nonce = 1; nonce <= 7; nonce++) {
        const { records, save, tree } = createTree({ keepVersions: 1, maxNodes: 1 });
        save([1, 2, 3, 4].map((n) => ({ key: Uint8Array.of(n), value: Uint8Array.of(n) })));
        records.write([{ key: nodeRecordKey(1, nonce), value: damaged }]);
        expect(() => [...(tree.at(1) as TreeVersion).postOrder()]).toThrow(TreeError);
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
