import { compare, equals } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { type Node, readNode } from './node.ts';
import { type Records, readRoot } from './records.ts';

/**
 * One saved version of a tree, for reading. Nodes come straight from the records and are not kept,
 * so that whoever asks for many proofs fills no memory.
 */
export class TreeVersion {
  readonly #records: Records;
  readonly version: number;
  readonly #root: Node | undefined;

  constructor(records: Records, version: number) {
    this.#records = records;
    this.version = version;
    const id = readRoot(records, version);
    this.#root = id && readNode(records, id.version, id.nonce);
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
    return leaf !== undefined && equals(leaf.key, key) ? leaf.value : undefined;
  }

  /** The way from the root to the last leaf whose key is not above `key`, or to the first leaf. */
  pathTo(key: Uint8Array): Path | undefined {
    if (this.#root === undefined) return undefined;
    const steps: Step[] = [];
    let node = this.#root;
    while (node.height > 0) {
      const isLeft = compare(key, node.key) < 0;
      const left = readNode(this.#records, node.leftVersion, node.leftNonce);
      const right = readNode(this.#records, node.rightVersion, node.rightNonce);
      steps.push({ node, sibling: (isLeft ? right : left).hash as Uint8Array, isLeft });
      node = isLeft ? left : right;
    }
    return { steps, leaf: node };
  }

  /** Every node, children before their parent, left before right. */
  *postOrder(): Generator<Node> {
    if (this.#root !== undefined) yield* this.#below(this.#root);
  }

  *#below(node: Node): Generator<Node> {
    if (node.height > 0) {
      yield* this.#below(readNode(this.#records, node.leftVersion, node.leftNonce));
      yield* this.#below(readNode(this.#records, node.rightVersion, node.rightNonce));
    }
    yield node;
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
