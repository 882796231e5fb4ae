import { multistoreRoot, proofOps } from '@semblance/iavl/multistore';
import { proveKey } from '@semblance/iavl/proof';
import type { RecordChange, Records } from '@semblance/iavl/records';
import { type PreparedVersion, Tree, type TreeOptions } from '@semblance/iavl/tree';
import type { TreeVersion } from '@semblance/iavl/version';
import type { ProofOp } from '../application.ts';
import { ApplicationError } from '../errors.ts';
import { keyOf, PREFIX, STORES } from './prefixes.ts';
import type { Change } from './store.ts';

/** How many heights can be proved, and how many nodes of each tree stay in memory (about 300 B each). */
const TREE_OPTIONS: TreeOptions = { keepVersions: 100, maxNodes: 100_000 };

/** State after a block with the hash over it, not yet persisted. */
export interface PreparedState {
  /** The application hash, 32 bytes. */
  readonly hash: Uint8Array;
  /** What must be written together with the changes of state, before {@link Multistore.accept}. */
  readonly records: readonly Change[];
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

  constructor(store: Records, options: TreeOptions = TREE_OPTIONS) {
    this.#trees = new Map(
      STORES.map(({ name, group }) => [name, new Tree(recordsOf(store, group), options)]),
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
    const records: Change[] = [];
    for (const { name, group } of STORES) {
      const prepared = this.#tree(name).prepare(versionAt(height), byGroup.get(group) ?? []);
      byGroup.delete(group);
      trees.set(name, prepared);
      for (const record of prepared.records) records.push(placed(group, record));
    }
    for (const group of byGroup.keys()) throw corrupt(`keys of group ${group}, which no store has`);
    const roots = Array.from(trees, ([name, { hash }]) => ({ name, hash }));
    return { hash: multistoreRoot(roots), records, trees };
  }

  /** Goes on from a prepared state that is written. */
  accept({ trees }: PreparedState): void {
    for (const [name, prepared] of trees) this.#tree(name).accept(prepared);
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

const versionAt = (height: bigint): number => Number(height) + 1;

/** Upper half of a key's first byte. */
const groupOf = (key: Uint8Array): number => (key[0] as number) >> 4;

const recordKey = (group: number, key: Uint8Array) => keyOf(PREFIX.tree, Uint8Array.of(group), key);

const recordsOf = (store: Records, group: number): Records => ({
  get: (key) => store.get(recordKey(group, key)),
});

const placed = (group: number, { key, value }: RecordChange): Change => ({
  key: recordKey(group, key),
  value,
});

function corrupt(what: string): ApplicationError {
  return new ApplicationError('CORRUPT_STATE', `the state is not whole: ${what}`, {});
}
