import { sha256 } from '@semblance/core/sha256';
import { TreeError } from './errors.ts';
import { trim } from './memory.ts';
import { type Node, readNode } from './node.ts';
import {
  type Change,
  checkpointChange,
  decodeIds,
  decodeLog,
  encodeIds,
  encodeLog,
  logKey,
  type NodeId,
  nodeKey,
  ORPHANS_KEY,
  type RecordChange,
  type Records,
  readCheckpoint,
} from './records.ts';
import { Revision } from './revision.ts';
import { saveNodes } from './save.ts';
import { TreeVersion } from './version.ts';

/** The next version, hashed; nothing of it is saved. */
export interface PreparedVersion {
  readonly version: number;
  /** Root hash, 32 bytes; that of an empty tree is the hash of nothing. */
  readonly hash: Uint8Array;
  readonly root: Node | undefined;
  readonly changes: readonly Change[];
  /** Saved nodes that the version has no more. */
  readonly orphans: readonly NodeId[];
  /** How many nodes it made, and by how many the tree grew in memory. */
  readonly made: number;
  readonly growth: number;
}

/** What a node takes in memory, about, without its value. */
const NODE_BYTES = 300;

/**
 * An IAVL+ tree whose shape and hashes are cosmos/iavl v1's after the same operations. Versions
 * follow one another by 1.
 *
 * Most nodes live for a few versions only. So a version is saved as a log of its changes, and all
 * nodes together at a checkpoint now and then: what came and went between two of them is never
 * written. A tree that is opened replays the logs since the last checkpoint. Versions can be read
 * back to the checkpoint before the last.
 */
export class Tree {
  readonly #records: Records;
  readonly #maxNodes: number;
  /** Oldest first; the last one is the tree as it is. */
  #versions: TreeVersion[] = [];
  #root: Node | undefined;
  /** Version of the last checkpoint; 0 before the first. */
  #checkpoint = 0;
  /** Since the checkpoint: nodes of its that are gone, and memory taken by what is not saved. */
  #orphans: NodeId[] = [];
  #unsavedBytes = 0;
  /** Nodes in memory, about. */
  #nodes = 1;

  /** `maxNodes` bounds the saved nodes that stay in memory from one version to the next. */
  constructor(records: Records, maxNodes: number) {
    this.#records = records;
    this.#maxNodes = maxNodes;
    const checkpoint = readCheckpoint(records);
    if (checkpoint === undefined) return;
    const { version, root } = checkpoint;
    this.#checkpoint = version;
    this.#root = root && readNode(records, root.version, root.nonce);
    this.#versions.push(new TreeVersion(records, version, this.#root));
    this.#replay(version + 1);
  }

  /** The last version; 0 before the first. */
  get version(): number {
    return this.#versions.at(-1)?.version ?? 0;
  }

  /** Root hash of the last version. */
  get hash(): Uint8Array {
    return this.#versions.at(-1)?.hash ?? sha256();
  }

  /** Memory taken by what is not saved yet, about, in bytes: when it is time for a checkpoint. */
  get unsavedBytes(): number {
    return this.#unsavedBytes;
  }

  /**
   * Applies the changes in their order. A set makes a new leaf even of the same value; removing
   * what is not there changes nothing. The tree itself stays as it is: a version may be prepared
   * again with other changes. Keys and values may not be altered afterwards.
   */
  prepare(version: number, changes: readonly Change[]): PreparedVersion {
    const latest = this.version;
    if (version < 1 || (latest !== 0 && version !== latest + 1)) {
      throw new TreeError('WRONG_VERSION', `version ${version} after ${latest}`, { version });
    }
    const revision = new Revision(this.#records, this.#root, version);
    for (const { key, value } of changes) {
      if (value === undefined) revision.remove(key);
      else revision.set(key, value);
    }
    return { version, changes, ...revision.finish() };
  }

  /**
   * Goes on from a prepared version. Returns what must be written, all or nothing, before anything
   * else is; if it cannot be, the tree is of no more use. A tree's first version is a checkpoint.
   */
  accept(prepared: PreparedVersion): RecordChange[] {
    const isFirst = this.#checkpoint === 0;
    this.#take(prepared);
    if (isFirst) return this.#save();
    return [{ key: logKey(prepared.version), value: encodeLog(prepared.changes) }];
  }

  /** The same, with all nodes saved. Versions before the checkpoint before are given up. */
  checkpoint(prepared: PreparedVersion): RecordChange[] {
    this.#take(prepared);
    return this.#save();
  }

  /** A version that is kept; undefined for others. */
  at(version: number): TreeVersion | undefined {
    const [oldest] = this.#versions;
    return oldest && this.#versions[version - oldest.version];
  }

  #replay(from: number): void {
    for (let version = from; ; version++) {
      const log = this.#records.get(logKey(version));
      if (log === undefined) return;
      this.#take(this.prepare(version, decodeLog(log)));
    }
  }

  #take({ version, root, changes, orphans, made, growth }: PreparedVersion): void {
    this.#versions.push(new TreeVersion(this.#records, version, root));
    this.#root = root;
    this.#orphans.push(...orphans);
    this.#unsavedBytes += NODE_BYTES * made;
    for (const { value } of changes) this.#unsavedBytes += value?.length ?? 0;
    this.#nodes += growth;
    if (root !== undefined && this.#nodes > this.#maxNodes) {
      this.#nodes = trim(root, version, this.#maxNodes / 2);
    }
  }

  #save(): RecordChange[] {
    const { version } = this;
    const changes = this.#root === undefined ? [] : saveNodes(this.#root);
    for (const { version, nonce } of decodeIds(this.#records.get(ORPHANS_KEY) ?? NOTHING)) {
      changes.push({ key: nodeKey(version, nonce), value: undefined });
    }
    changes.push({ key: ORPHANS_KEY, value: encodeIds(this.#orphans) });
    const logged = this.#versions.filter((kept) => kept.version > this.#checkpoint).slice(0, -1);
    for (const { version } of logged) changes.push({ key: logKey(version), value: undefined });
    changes.push(checkpointChange({ version, root: this.#root }));
    this.#versions = this.#versions.filter((kept) => kept.version >= this.#checkpoint);
    this.#checkpoint = version;
    this.#orphans = [];
    this.#unsavedBytes = 0;
    return changes;
  }
}

const NOTHING = new Uint8Array(0);
