import {
  iavlSpec,
  ics23,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from '@confio/ics23';
import { fromUtf8 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { multistoreRoot, proofOps } from '../src/multistore.ts';
import { proveKey } from '../src/proof.ts';
import { createTree } from './support.ts';

/* Proofs before a verifier that nobody here wrote. */

const { CommitmentProof } = ics23;
const byte = (n: number) => Uint8Array.of(n);
const textOf = (n: number) => fromUtf8(`value ${n}`);

/** A tree of the even keys of one byte below `below`, in two versions. */
function evenTree(below: number) {
  const { save } = createTree({ checkpointEvery: 1, maxNodes: 100 });
  const keys = Array.from({ length: below / 2 }, (_, n) => 2 * n);
  save(keys.filter((n) => n % 4 === 0).map((n) => ({ key: byte(n), value: textOf(n) })));
  return save(keys.filter((n) => n % 4 !== 0).map((n) => ({ key: byte(n), value: textOf(n) })));
}

const proofOf = (tree: ReturnType<typeof evenTree>, n: number) =>
  CommitmentProof.decode(proveKey(tree, byte(n)) as Uint8Array);

test('every key is proved there or not there, at both ends too', () => {
  for (const below of [2, 4, 14, 60]) {
    const tree = evenTree(below);
    for (let n = 0; n < below + 3; n++) {
      const proof = proofOf(tree, n);
      const isThere = n < below && n % 2 === 0;
      expect(verifyMembership(proof, iavlSpec, tree.hash, byte(n), textOf(n))).toBe(isThere);
      expect(verifyNonMembership(proof, iavlSpec, tree.hash, byte(n))).toBe(!isThere);
    }
  }
});

test('nothing can be proved of an empty tree', () => {
  const { save } = createTree({ checkpointEvery: 1, maxNodes: 100 });
  expect(proveKey(save([]), byte(1))).toBeUndefined();
});

test('a proof proves nothing else', () => {
  const tree = evenTree(60);
  const other = evenTree(30);
  const there = proofOf(tree, 20);
  const accepts = (proof: typeof there, root = tree.hash, key = byte(20), value = textOf(20)) =>
    verifyMembership(proof, iavlSpec, root, key, value);
  expect(accepts(there)).toBe(true);
  expect(accepts(there, other.hash)).toBe(false);
  expect(accepts(there, tree.hash, byte(22), textOf(22))).toBe(false);
  expect(accepts(there, tree.hash, byte(20), textOf(22))).toBe(false);
  expect(accepts(proofOf(other, 20))).toBe(false);

  const { exist } = there;
  const path = exist?.path ?? [];
  const withPath = (path: ics23.IInnerOp[]) =>
    CommitmentProof.fromObject({ exist: { ...exist, path } });
  expect(accepts(withPath(path))).toBe(true);
  expect(accepts(withPath(path.slice(1)))).toBe(false);
  expect(accepts(withPath(path.slice(0, -1)))).toBe(false);
  expect(accepts(withPath(path.toReversed()))).toBe(false);
});

test('absence needs both neighbours, and those next to the key', () => {
  const tree = evenTree(60);
  const absent = proofOf(tree, 21);
  const { left, right } = absent.nonexist ?? {};
  const accepts = (nonexist: ics23.INonExistenceProof) =>
    verifyNonMembership({ nonexist }, iavlSpec, tree.hash, nonexist.key as Uint8Array);
  const key = byte(21);
  const existOf = (n: number) => proofOf(tree, n).exist ?? null;
  expect(accepts({ key, left: left ?? null, right: right ?? null })).toBe(true);
  expect(accepts({ key, left: right ?? null, right: left ?? null })).toBe(false);
  expect(accepts({ key, left: left ?? null })).toBe(false);
  expect(accepts({ key, right: right ?? null })).toBe(false);
  expect(accepts({ key, left: existOf(18), right: right ?? null })).toBe(false);
  expect(accepts({ key, left: left ?? null, right: existOf(24) })).toBe(false);
  expect(accepts({ key: byte(20), left: existOf(18), right: existOf(22) })).toBe(false);
});

test('a changed byte of a proof is never a proof of something else', () => {
  const tree = evenTree(60);
  const bytes = proveKey(tree, byte(20)) as Uint8Array;
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ flip;
      let proof: ics23.CommitmentProof;
      try {
        proof = CommitmentProof.decode(changed);
      } catch {
        return;
      }
      for (const n of [20, 22]) {
        const isProved = verifyMembership(proof, iavlSpec, tree.hash, byte(n), textOf(n));
        // A field's number may change to one that says the same or nothing.
        if (isProved) expect(n).toBe(20);
        expect(verifyMembership(proof, iavlSpec, tree.hash, byte(n), textOf(n + 1))).toBe(false);
      }
    }),
  );
});

test('a store’s root is proved under the root over all', () => {
  const names = ['acc', 'bank', 'ml', 'params', 'producers', 'staking', 'upgrade'];
  for (let count = 1; count <= names.length; count++) {
    const stores = names.slice(0, count).map((name) => ({ name, hash: sha256(fromUtf8(name)) }));
    const root = multistoreRoot(stores);
    for (const { name, hash } of stores) {
      const [, op] = proofOps(stores, name, byte(1), new Uint8Array(0));
      const proof = CommitmentProof.decode(op?.data ?? new Uint8Array(0));
      const accepts = (name: string, value: Uint8Array) =>
        verifyMembership(proof, tendermintSpec, root, fromUtf8(name), value);
      expect(accepts(name, hash)).toBe(true);
      expect(accepts(name, sha256(hash))).toBe(false);
      expect(accepts('other', hash)).toBe(false);
    }
  }
  expect(() => proofOps([], 'bank', byte(1), byte(1))).toThrow(RangeError);
});
