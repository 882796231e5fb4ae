import { compare, equals } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { type Node, readNode } from './node.ts';
import { type Records, readCheckpoint } from './records.ts';

/**
 * One version of a tree, for reading. What is not in memory comes from the records and is not kept,
 * so that whoever asks for many proofs fills no memory.
 */
export class TreeVersion {
  readonly #records: Records;
  readonly version: number;
  readonly #root: Node | undefined;

  constructor(records: Records, version: number, root: Node | undefined) {
    this.#records = records;
    this.version = version;
    this.#root = root;
  }

  /** The version of the last checkpoint, all of it from the records; undefined if there is none. */
  static saved(records: Records): TreeVersion | undefined {
    const checkpoint = readCheckpoint(records);
    if (checkpoint === undefined) return undefined;
    const { version, root } = checkpoint;
    return new TreeVersion(records, version, root && readNode(records, root.version, root.nonce));
  }

  get hash(): Uint8Array {
    return this.#root?.hash ?? sha256();
  }

  get size(): number {
    return this.#root?.size ?? 0;
  }

  get height(): number {
    return this.#root?.height ?? 0;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const leaf = this.pathTo(key)?.leaf;
    return leaf !== undefined && equals(leaf.key, key) ? this.valueOf(leaf) : undefined;
  }

  /** The way from the root to the last leaf whose key is not above `key`, or to the first leaf. */
  pathTo(key: Uint8Array): Path | undefined {
    if (this.#root === undefined) return undefined;
    const steps: Step[] = [];
    let node = this.#root;
    while (node.height > 0) {
      const isLeft = compare(key, node.key) < 0;
      const left = this.#left(node);
      const right = this.#right(node);
      steps.push({ node, sibling: (isLeft ? right : left).hash as Uint8Array, isLeft });
      node = isLeft ? left : right;
    }
    return { steps, leaf: node };
  }

  /** Every node, children before their parent, left before right. */
  *postOrder(): Generator<Node> {
    if (this.#root !== undefined) yield* this.#below(this.#root);
  }

  /** A leaf's value. */
  valueOf({ value, version, nonce }: Node): Uint8Array {
    return value ?? (readNode(this.#records, version, nonce).value as Uint8Array);
  }

  *#below(node: Node): Generator<Node> {
    if (node.height > 0) {
      yield* this.#below(this.#left(node));
      yield* this.#below(this.#right(node));
    }
    yield node;
  }

  #left({ left, leftVersion, leftNonce }: Node): Node {
    return left ?? readNode(this.#records, leftVersion, leftNonce);
  }

  #right({ right, rightVersion, rightNonce }: Node): Node {
    return right ?? readNode(this.#records, rightVersion, rightNonce);
  }
}

/** A way down to a leaf, the root first. */
export interface Path {
  readonly steps: readonly Step[];
  readonly leaf: Node;
}

/** An inner node on the way, and the hash of the child that is not. */
export interface Step {
  readonly node: Node;
  readonly sibling: Uint8Array;
  /** Whether the way goes left. */
  readonly isLeft: boolean;
}
