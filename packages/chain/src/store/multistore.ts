import { TreeBuild } from '@semblance/iavl/build';
import { multistoreRoot, proofOps, type StoreRoot } from '@semblance/iavl/multistore';
import { proveKey } from '@semblance/iavl/proof';
import type { RecordChange, Records } from '@semblance/iavl/records';
import { type PreparedVersion, Tree } from '@semblance/iavl/tree';
import { TreeVersion } from '@semblance/iavl/version';
import type { ProofOp } from '../application.ts';
import { ApplicationError } from '../errors.ts';
import { keyOf, PREFIX, STORES } from './prefixes.ts';
import type { Change, Entries } from './store.ts';

/**
 * All nodes of the trees are saved at every height that this divides, and before what is unsaved
 * takes more memory than below; the heights back to the save before the last can be proved.
 */
export const CHECKPOINT_EVERY = 100n;
const MAX_UNSAVED_BYTES = 32 * 2 ** 20;

/** Saved nodes of a tree that stay in memory, about 300 bytes each. */
const MAX_NODES = 100_000;

/** State after a block with the hash over it; nothing of it is persisted. */
export interface PreparedState {
  readonly height: bigint;
  /** The application hash, 32 bytes. */
  readonly hash: Uint8Array;
  readonly trees: ReadonlyMap<string, PreparedVersion>;
}

/** State after some block, as its trees hold it. */
export interface StateVersion {
  get(store: string, key: Uint8Array): Uint8Array | undefined;
  /**
   * Proof of the key's value, or of its absence, under the block's application hash. Undefined of a
   * store that is empty: there is nothing by which absence could be proved.
   */
  prove(store: string, key: Uint8Array): ProofOp[] | undefined;
}

/**
 * The trees that authenticate state, one for each of the {@link STORES}, under one root as in the
 * Cosmos SDK. Their keys and values are those of state. A tree's versions begin at 1 and genesis is
 * height 0, so that a height's version is the next number. The trees are touched once a block:
 * whoever only reads state reads beside them.
 */
export class Multistore {
  readonly #trees: ReadonlyMap<string, Tree>;

  constructor(store: Records) {
    this.#trees = new Map(
      STORES.map(({ name, group }) => [name, new Tree(recordsOf(store, group), MAX_NODES)]),
    );
  }

  /** Height and hash of the last state; undefined before genesis. */
  tip(): { readonly height: bigint; readonly hash: Uint8Array } | undefined {
    const roots = Array.from(this.#trees, ([name, { hash, version }]) => ({ name, hash, version }));
    const version = roots[0]?.version ?? 0;
    if (roots.some((root) => root.version !== version)) throw corrupt('trees of several heights');
    if (version === 0) return undefined;
    return { height: BigInt(version - 1), hash: multistoreRoot(roots) };
  }

  /** Lays a block's changes, in the order of their keys, over the last state. */
  prepare(height: bigint, changes: readonly Change[]): PreparedState {
    const byGroup = Map.groupBy(changes, ({ key }) => groupOf(key));
    const trees = new Map<string, PreparedVersion>();
    for (const { name, group } of STORES) {
      trees.set(name, this.#tree(name).prepare(versionAt(height), byGroup.get(group) ?? []));
      byGroup.delete(group);
    }
    for (const group of byGroup.keys()) throw corrupt(`keys of group ${group}, which no store has`);
    const roots = Array.from(trees, ([name, { hash }]) => ({ name, hash }));
    return { height, hash: multistoreRoot(roots), trees };
  }

  /**
   * Goes on from a prepared state. Returns what must be written in one transaction with the changes
   * of state; if it cannot be, neither the trees nor the state in memory are of more use.
   */
  accept({ height, trees }: PreparedState): Change[] {
    const isCheckpoint =
      height % CHECKPOINT_EVERY === 0n || this.#unsavedBytes() > MAX_UNSAVED_BYTES;
    return STORES.flatMap(({ name, group }) => {
      const tree = this.#tree(name);
      const prepared = trees.get(name) as PreparedVersion;
      const records = isCheckpoint ? tree.checkpoint(prepared) : tree.accept(prepared);
      return records.map((record) => inStore(group, record));
    });
  }

  /** State after a block; undefined where it is no longer kept, or not yet there. */
  at(height: bigint): StateVersion | undefined {
    const versions = new Map<string, TreeVersion>();
    for (const [name, tree] of this.#trees) {
      const version = tree.at(versionAt(height));
      if (version === undefined) return undefined;
      versions.set(name, version);
    }
    return stateVersion(versions);
  }

  #unsavedBytes(): number {
    let bytes = 0;
    for (const tree of this.#trees.values()) bytes += tree.unsavedBytes;
    return bytes;
  }

  #tree(name: string): Tree {
    const tree = this.#trees.get(name);
    if (tree === undefined) throw new RangeError(`no store ${name}`);
    return tree;
  }
}

function stateVersion(versions: ReadonlyMap<string, TreeVersion>): StateVersion {
  return {
    get: (store, key) => versions.get(store)?.get(key),
    prove(store, key) {
      const version = versions.get(store);
      const proof = version && proveKey(version, key);
      const roots = Array.from(versions, ([name, { hash }]) => ({ name, hash }));
      return proof && proofOps(roots, store, key, proof);
    },
  };
}

/**
 * All that must be written of a first state, whose entries come by ascending key: they themselves and
 * the trees over them, of which nothing is held. Returns the application hash, 32 bytes.
 */
export function* buildState(height: bigint, entries: Entries): Generator<Change, Uint8Array> {
  const builds = new Map(STORES.map(({ group }) => [group, new TreeBuild(versionAt(height))]));
  for (const [key, value] of entries) {
    const group = groupOf(key);
    const build = builds.get(group);
    if (build === undefined) throw corrupt(`keys of group ${group}, which no store has`);
    yield { key, value };
    for (const record of build.add(key, value)) yield inStore(group, record);
  }
  const roots: StoreRoot[] = [];
  for (const { name, group } of STORES) {
    const { hash, records } = (builds.get(group) as TreeBuild).finish();
    for (const record of records) yield inStore(group, record);
    roots.push({ name, hash });
  }
  return multistoreRoot(roots);
}

/** The last state all of whose nodes are saved, in the order of the {@link STORES}. */
export function savedTrees(
  store: Records,
): { readonly height: bigint; readonly trees: readonly TreeVersion[] } | undefined {
  const trees = STORES.map(({ group }) => TreeVersion.saved(recordsOf(store, group)));
  if (!trees.every((tree) => tree !== undefined)) return undefined;
  return { height: BigInt((trees[0] as TreeVersion).version - 1), trees };
}

/** A height's version in each tree. */
export const versionAt = (height: bigint): number => Number(height) + 1;

/** Upper half of a key's first byte. */
export const groupOf = (key: Uint8Array): number => (key[0] as number) >> 4;

const recordKey = (group: number, key: Uint8Array) => keyOf(PREFIX.tree, Uint8Array.of(group), key);

/** A tree's record as a change of the store. */
export const inStore = (group: number, { key, value }: RecordChange): Change => ({
  key: recordKey(group, key),
  value,
});

const recordsOf = (store: Records, group: number): Records => ({
  get: (key) => store.get(recordKey(group, key)),
});

function corrupt(what: string): ApplicationError {
  return new ApplicationError('CORRUPT_STATE', `the state is not whole: ${what}`, {});
}
