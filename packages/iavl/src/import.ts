import { compare } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { TreeError } from './errors.ts';
import { checkpointChange, type RecordChange } from './records.ts';
import { joinSubtrees, leafSubtree, numberSubtree, type Subtree } from './subtree.ts';

/**
 * A node of an exported tree: a leaf with its entry, or an inner node over the two subtrees before
 * it. Nothing more is needed: the rest is computed, so that the root's hash covers all of it.
 */
export interface ExportedNode {
  /** The version that made the node. */
  readonly version: number;
  readonly entry: readonly [key: Uint8Array, value: Uint8Array] | undefined;
}

/** Subtrees that wait for their parent: no tree that fits a disk is as high. */
const MAX_WAITING = 100;

/**
 * Builds a tree from its nodes in post-order, as {@link TreeVersion.postOrder} gives them, without
 * holding it. Throws TreeError INVALID_EXPORT for what makes no tree; that it is the right one only
 * its hash can tell.
 */
export class TreeImport {
  readonly #version: number;
  readonly #waiting: Subtree[] = [];
  #nonce = 0;
  #lastKey: Uint8Array | undefined;

  constructor(version: number) {
    this.#version = version;
  }

  /** Takes the next node; returns its record. */
  add({ version, entry }: ExportedNode): RecordChange {
    if (version < 1 || version > this.#version) throw invalid(`a node of version ${version}`);
    const subtree =
      entry === undefined ? this.#joined(version) : this.#leaf(version, entry[0], entry[1]);
    this.#waiting.push(subtree);
    if (this.#waiting.length > MAX_WAITING) throw invalid('leaves without parents');
    this.#nonce += 1;
    return numberSubtree(subtree, this.#nonce);
  }

  /** The root's hash, and the record that makes all the others a tree, to be written last. */
  finish(): { readonly hash: Uint8Array; readonly record: RecordChange } {
    const [tree] = this.#waiting;
    if (this.#waiting.length > 1) throw invalid('subtrees without a parent');
    const record = checkpointChange({ version: this.#version, root: tree?.node });
    return { hash: tree?.hash ?? sha256(), record };
  }

  #leaf(version: number, key: Uint8Array, value: Uint8Array): Subtree {
    if (this.#lastKey !== undefined && compare(this.#lastKey, key) >= 0) {
      throw invalid('keys that do not ascend');
    }
    this.#lastKey = key;
    return leafSubtree(key, value, version);
  }

  #joined(version: number): Subtree {
    const right = this.#waiting.pop();
    const left = this.#waiting.pop();
    if (left === undefined || right === undefined) throw invalid('an inner node without children');
    return joinSubtrees(left, right, version);
  }
}

function invalid(reason: string): TreeError {
  return new TreeError('INVALID_EXPORT', `not an exported tree: ${reason}`, { reason });
}
