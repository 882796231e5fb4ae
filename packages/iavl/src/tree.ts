import { sha256 } from '@semblance/core/sha256';
import { TreeError } from './errors.ts';
import { trim } from './memory.ts';
import { type Node, readNode } from './node.ts';
import {
  decodeIds,
  type Head,
  headChange,
  nodeRecordKey,
  orphansRecordKey,
  type RecordChange,
  type Records,
  readHead,
  readRoot,
  rootRecordKey,
} from './records.ts';
import { Revision } from './revision.ts';
import { TreeVersion } from './version.ts';

export interface TreeOptions {
  /** How many versions can be read; older ones are removed. At least 1. */
  readonly keepVersions: number;
  /** About how many nodes stay in memory between versions; a block may need more while it lasts. */
  readonly maxNodes: number;
}

/** What a version changes: a key's new value, or its removal. Keys are not empty. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** The next version, finished but not yet saved. */
export interface PreparedVersion {
  readonly version: number;
  /** Root hash, 32 bytes; that of an empty tree is the hash of nothing. */
  readonly hash: Uint8Array;
  /** What must be written to the tree's records, all or nothing, before {@link Tree.accept}. */
  readonly records: readonly RecordChange[];
  /** The tree's own. */
  readonly state: { readonly root: Node | undefined; readonly growth: number };
}

/**
 * An IAVL+ tree whose shape and hashes are cosmos/iavl v1's after the same operations. Versions
 * follow one another by 1. Nodes are read as they are needed; those in memory are bounded.
 */
export class Tree {
  readonly #records: Records;
  readonly #options: TreeOptions;
  #head: Head | undefined;
  #root: Node | undefined;
  #hash: Uint8Array;
  /** Nodes in memory, about. */
  #nodes = 1;

  constructor(records: Records, options: TreeOptions) {
    this.#records = records;
    this.#options = options;
    this.#head = readHead(records);
    const id = this.#head && readRoot(records, this.#head.latest);
    this.#root = id && readNode(records, id.version, id.nonce);
    this.#hash = this.#root?.hash ?? sha256();
  }

  /** The last version; 0 before the first. */
  get version(): number {
    return this.#head?.latest ?? 0;
  }

  /** Root hash of the last version. */
  get hash(): Uint8Array {
    return this.#hash;
  }

  /**
   * Applies the changes in their order. A set makes a new leaf even of the same value; removing
   * what is not there changes nothing. The tree itself stays as it is: a version may be prepared
   * again with other changes. Values may not be altered afterwards.
   */
  prepare(version: number, changes: readonly Change[]): PreparedVersion {
    if (this.#head !== undefined && version !== this.#head.latest + 1) {
      const { latest } = this.#head;
      throw new TreeError('WRONG_VERSION', `version ${version} after ${latest}`, { version });
    }
    const revision = new Revision(this.#records, this.#root, version);
    for (const { key, value } of changes) {
      if (value === undefined) revision.remove(key);
      else revision.set(key, value);
    }
    const { hash, records, orphans, root, growth } = revision.finish();
    records.push(...this.#prune(version, orphans));
    return { version, hash, records, state: { root, growth } };
  }

  /** Goes on from a prepared version whose records are written. */
  accept({ version, hash, state: { root, growth } }: PreparedVersion): void {
    this.#head = { latest: version, oldest: this.#oldestAfter(version) };
    this.#root = root;
    this.#hash = hash;
    this.#nodes += growth;
    const { maxNodes } = this.#options;
    if (root !== undefined && this.#nodes > maxNodes) this.#nodes = trim(root, maxNodes / 2);
  }

  /** A version that is kept, as it was; undefined for others. */
  at(version: number): TreeVersion | undefined {
    if (this.#head === undefined) return undefined;
    const { oldest, latest } = this.#head;
    if (version < oldest || version > latest) return undefined;
    return new TreeVersion(this.#records, version);
  }

  /** Two at most go with each new one, so that fewer to keep is no long stop. */
  #oldestAfter(version: number): number {
    const oldest = this.#head?.oldest ?? version;
    return Math.min(Math.max(oldest, version - this.#options.keepVersions + 1), oldest + 2);
  }

  /** Records of what no kept version has any more, and of what this version leaves behind. */
  #prune(version: number, orphans: Uint8Array): RecordChange[] {
    const changes: RecordChange[] = [];
    const oldest = this.#oldestAfter(version);
    for (let pruned = this.#head?.oldest ?? oldest; pruned < oldest; pruned++) {
      const next = pruned + 1;
      const key = orphansRecordKey(next);
      const left = next === version ? orphans : this.#records.get(key);
      for (const { version, nonce } of decodeIds(left ?? new Uint8Array(0))) {
        changes.push({ key: nodeRecordKey(version, nonce), value: undefined });
      }
      changes.push({ key, value: undefined }, { key: rootRecordKey(pruned), value: undefined });
    }
    if (orphans.length > 0 && oldest < version) {
      changes.push({ key: orphansRecordKey(version), value: orphans });
    }
    changes.push(headChange({ latest: version, oldest }));
    return changes;
  }
}
