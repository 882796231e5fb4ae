import { equals } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { TreeError } from '@semblance/iavl/errors';
import { type ExportedNode, TreeImport } from '@semblance/iavl/import';
import { multistoreRoot, type StoreRoot } from '@semblance/iavl/multistore';
import type { Snapshot } from '../application.ts';
import { FORMAT_CHANGE, metaChange, RESTORING_KEY } from '../meta.ts';
import { groupOf, inStore, versionAt } from '../store/multistore.ts';
import { PREFIX, STORES } from '../store/prefixes.ts';
import type { Change } from '../store/store.ts';
import { decodeChunk, MAX_CHUNK_BYTES } from './format.ts';

/** Longest key that a store takes. */
const MAX_KEY = 255;

/**
 * State that grows from the chunks of a snapshot. Nothing in them is believed: a chunk must have its
 * hash, and all of them together the application hash.
 */
export class Restoration {
  readonly #snapshot: Snapshot;
  readonly #appHash: Uint8Array;
  /** Trees that are whole, and records that make them so. */
  readonly #roots: StoreRoot[] = [];
  readonly #lastRecords: Change[] = [];
  #tree: TreeImport;
  #next = 0;

  constructor(snapshot: Snapshot, appHash: Uint8Array) {
    this.#snapshot = snapshot;
    this.#appHash = appHash;
    this.#tree = new TreeImport(versionAt(snapshot.height));
  }

  /** Index of the chunk to come. */
  get next(): number {
    return this.#next;
  }

  get isComplete(): boolean {
    return this.#next === this.#snapshot.chunks;
  }

  /** Whether this is the next chunk, as the snapshot lists it. */
  isNext(chunk: Uint8Array): boolean {
    const at = 32 * this.#next;
    return equals(sha256(chunk), this.#snapshot.metadata.subarray(at, at + 32));
  }

  /** Takes the next chunk. Returns what is to be written, or undefined if it makes no state. */
  add(chunk: Uint8Array): Change[] | undefined {
    if (chunk.length > MAX_CHUNK_BYTES) return undefined;
    try {
      const changes: Change[] = [];
      for (const node of decodeChunk(chunk)) this.#take(node, changes);
      this.#next += 1;
      return changes;
    } catch (error) {
      if (error instanceof RangeError || error instanceof TreeError) return undefined;
      throw error;
    }
  }

  /** What makes a state of all that was written; undefined if it is not the one with this hash. */
  finish(): Change[] | undefined {
    if (this.#roots.length !== STORES.length) return undefined;
    if (!equals(multistoreRoot(this.#roots), this.#appHash)) return undefined;
    return [
      ...this.#lastRecords,
      FORMAT_CHANGE,
      // No hash covers the last block's time; the next block, which is fetched at once, brings its own.
      metaChange({ height: this.#snapshot.height, timeMs: 0n, appHash: this.#appHash }),
      { key: RESTORING_KEY, value: undefined },
    ];
  }

  #take(node: ExportedNode | undefined, changes: Change[]): void {
    const store = STORES[this.#roots.length];
    if (store === undefined) throw new RangeError('more trees than stores');
    const { name, group } = store;
    if (node === undefined) {
      const { hash, record } = this.#tree.finish();
      this.#roots.push({ name, hash });
      this.#lastRecords.push(inStore(group, record));
      this.#tree = new TreeImport(versionAt(this.#snapshot.height));
      return;
    }
    changes.push(inStore(group, this.#tree.add(node)));
    if (node.entry === undefined) return;
    const [key, value] = node.entry;
    if (!belongs(key, group)) throw new RangeError(`a key that is not of store ${name}`);
    changes.push({ key, value });
  }
}

/** Other keys would write over what is not state. */
function belongs(key: Uint8Array, group: number): boolean {
  const isKey = key.length > 0 && key.length <= MAX_KEY;
  return isKey && key[0] !== PREFIX.meta && groupOf(key) === group;
}
