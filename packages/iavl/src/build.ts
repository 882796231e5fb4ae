import { compare } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { TreeError } from './errors.ts';
import { checkpointChange, type RecordChange } from './records.ts';
import { joinSubtrees, leafSubtree, numberSubtree, type Subtree } from './subtree.ts';

/**
 * Builds a tree's first version from entries by ascending key, without holding it: the one that comes
 * of setting them one after the other. By that only nodes on the way to the last leaf ever change;
 * the subtrees left of it are whole.
 */
export class TreeBuild {
  readonly #version: number;
  /** What lies left of the way to the last leaf, from the root downwards, and the leaf itself. */
  readonly #whole: Subtree[] = [];
  #nonce = 0;

  constructor(version: number) {
    this.#version = version;
  }

  /** Takes the next entry; returns records of the tree that is to be. */
  add(key: Uint8Array, value: Uint8Array): RecordChange[] {
    const last = this.#whole.at(-1);
    if (last !== undefined && compare(last.leastKey, key) >= 0) {
      throw new TreeError('WRONG_ORDER', 'keys that do not ascend', {});
    }
    const leaf = leafSubtree(key, value, this.#version);
    const record = this.#number(leaf);
    this.#whole.push(leaf);
    return [record, ...this.#balance()];
  }

  /** The root's hash and the last records, of which the very last makes a tree of all. */
  finish(): { readonly hash: Uint8Array; readonly records: readonly RecordChange[] } {
    const records: RecordChange[] = [];
    while (this.#whole.length > 1) records.push(this.#join(this.#whole.length - 2));
    const [root] = this.#whole;
    records.push(checkpointChange({ version: this.#version, root: root?.node }));
    return { hash: root?.hash ?? sha256(), records };
  }

  /**
   * Rotates left, from the last leaf upwards, where the right side is higher by 2: that joins what
   * lies left of a node with what lies left of its right child. The right side has grown on its own
   * right side, so that no other rotation occurs.
   */
  #balance(): RecordChange[] {
    const joined: RecordChange[] = [];
    let right = 0;
    let rightOfRight = 0;
    for (let i = this.#whole.length - 2; i >= 0; i--) {
      if (right - this.#heightAt(i) > 1) {
        joined.push(this.#join(i));
        right = rightOfRight;
      }
      rightOfRight = right;
      right = Math.max(this.#heightAt(i), right) + 1;
    }
    return joined;
  }

  #heightAt(i: number): number {
    return (this.#whole[i] as Subtree).node.height;
  }

  /** Puts the subtree at a place and the one behind it under a node, which is whole by that. */
  #join(i: number): RecordChange {
    const [left, right] = this.#whole.slice(i, i + 2) as [Subtree, Subtree];
    const joined = joinSubtrees(left, right, this.#version);
    this.#whole.splice(i, 2, joined);
    return this.#number(joined);
  }

  #number(subtree: Subtree): RecordChange {
    this.#nonce += 1;
    return numberSubtree(subtree, this.#nonce);
  }
}
