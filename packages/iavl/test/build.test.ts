import { compare, fromUint64, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TreeBuild } from '../src/build.ts';
import { TreeError } from '../src/errors.ts';
import { createMemoryRecords } from '../src/records.ts';
import { Tree } from '../src/tree.ts';
import type { TreeVersion } from '../src/version.ts';

/** Built without being held, and as the tree makes it. */
function bothOf(keys: readonly Uint8Array[], version: number) {
  const build = new TreeBuild(version);
  const built = createMemoryRecords();
  for (const key of keys) built.write(build.add(key, sha256(key)));
  const { hash, records } = build.finish();
  built.write(records);
  const set = createMemoryRecords();
  const tree = new Tree(set, 1000);
  set.write(
    tree.accept(
      tree.prepare(
        version,
        keys.map((key) => ({ key, value: sha256(key) })),
      ),
    ),
  );
  return { hash, trees: [new Tree(built, 1000), tree] };
}

/** All of a version's nodes. What an inner node's key is no hash tells. */
const nodesOf = (tree: Tree) => {
  const saved = tree.at(tree.version) as TreeVersion;
  return Array.from(saved.postOrder(), (node) => {
    const value = node.height === 0 ? toHex(saved.valueOf(node)) : '';
    return `${node.height} ${node.size} ${node.version} ${toHex(node.key)} ${value}`;
  });
};

const key = fc.uint8Array({ minLength: 1, maxLength: 3 });

test('a tree that is built is the one that its entries make, set in their order', () => {
  const keys = fc.uniqueArray(key, { maxLength: 200, selector: toHex, size: 'max' });
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 1000 }), (keys, version) => {
      const { hash, trees } = bothOf(keys.toSorted(compare), version);
      const [built, set] = trees.map((tree) => [tree.version, toHex(tree.hash), nodesOf(tree)]);
      expect(built).toEqual(set);
      expect(toHex(hash)).toBe(set?.[1]);
    }),
  );
});

test('of every size up to 600, and goes on like it', () => {
  const keys = Array.from({ length: 600 }, (_, n) => fromUint64(BigInt(n)));
  for (let size = 0; size <= keys.length; size += size < 70 ? 1 : 53) {
    const { trees } = bothOf(keys.slice(0, size), 5);
    const next = keys.slice(size >> 1, size + 3).map((key) => ({ key, value: undefined }));
    const hashes = trees.map((tree) => [tree.hash, tree.prepare(6, next).hash].map(toHex));
    expect(hashes[0]).toEqual(hashes[1]);
  }
});

test('refuses keys that do not ascend', () => {
  for (const last of [1, 2]) {
    const build = new TreeBuild(1);
    build.add(Uint8Array.of(2), Uint8Array.of());
    expect(() => build.add(Uint8Array.of(last), Uint8Array.of())).toThrow(TreeError);
  }
});
