import { compare, equals } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { createInner, createLeaf, hashInner, hashLeaf, Node, readNode } from './node.ts';
import type { NodeId, Records } from './records.ts';

/** A version that is made and hashed. */
export interface Finished {
  readonly root: Node | undefined;
  readonly hash: Uint8Array;
  /** Saved nodes that it has no more. */
  readonly orphans: readonly NodeId[];
  /** How many nodes it made. */
  readonly made: number;
  /** By how many nodes the tree grew in memory, those that were read included. */
  readonly growth: number;
}

/**
 * The making of one version. Nodes of this version are its own and are altered in place; older ones
 * are copied before, and their copies take their place, so that the version before stays whole.
 * Rotations are those of cosmos/iavl (mutable_tree.go), on which the hashes depend.
 */
export class Revision {
  readonly #records: Records;
  readonly #version: number;
  readonly #orphans: NodeId[] = [];
  #root: Node | undefined;
  /** Whether the last set met its key, and so left all sizes alone. */
  #isUpdate = false;
  #made = 0;
  #growth = 0;
  /** Where a removal took the least key of a subtree, the least one that is left. */
  #leastKey: Uint8Array | undefined;

  constructor(records: Records, root: Node | undefined, version: number) {
    this.#records = records;
    this.#root = root;
    this.#version = version;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#isUpdate = false;
    this.#root =
      this.#root === undefined ? this.#createLeaf(key, value) : this.#set(this.#root, key, value);
  }

  remove(key: Uint8Array): void {
    if (this.#root === undefined || !this.#has(this.#root, key)) return;
    this.#leastKey = undefined;
    this.#root = this.#remove(this.#root, key);
  }

  /** Hashes the new nodes, each once. Nothing may be changed any more. */
  finish(): Finished {
    const root = this.#root;
    if (root !== undefined) this.#hash(root);
    return {
      root,
      hash: root?.hash ?? sha256(),
      orphans: this.#orphans,
      made: this.#made,
      growth: this.#growth,
    };
  }

  #set(node: Node, key: Uint8Array, value: Uint8Array): Node {
    if (node.height === 0) return this.#setLeaf(node, key, value);
    const own = this.#own(node);
    if (compare(key, own.key) < 0) own.left = this.#set(this.#left(own), key, value);
    else own.right = this.#set(this.#right(own), key, value);
    return this.#isUpdate ? own : this.#balance(own);
  }

  #setLeaf(leaf: Node, key: Uint8Array, value: Uint8Array): Node {
    const order = compare(key, leaf.key);
    const made = this.#createLeaf(key, value);
    if (order < 0) return this.#createInner(leaf.key, made, leaf);
    if (order > 0) return this.#createInner(key, leaf, made);
    this.#isUpdate = true;
    this.#abandon(leaf);
    return made;
  }

  #has(root: Node, key: Uint8Array): boolean {
    let node = root;
    while (node.height > 0) {
      node = compare(key, node.key) < 0 ? this.#left(node) : this.#right(node);
    }
    return equals(key, node.key);
  }

  /** The subtree without the key, which it has; undefined when nothing is left. */
  #remove(node: Node, key: Uint8Array): Node | undefined {
    if (node.height === 0) {
      this.#abandon(node);
      return undefined;
    }
    const isLeft = compare(key, node.key) < 0;
    const child = this.#remove(isLeft ? this.#left(node) : this.#right(node), key);
    if (child === undefined) {
      this.#abandon(node);
      if (isLeft) this.#leastKey = node.key;
      return isLeft ? this.#right(node) : this.#left(node);
    }
    const own = this.#own(node);
    if (isLeft) {
      own.left = child;
    } else {
      own.right = child;
      if (this.#leastKey !== undefined) own.key = this.#leastKey;
      this.#leastKey = undefined;
    }
    return this.#balance(own);
  }

  /** Measures a node of this version and rotates it where its sides differ by 2. */
  #balance(node: Node): Node {
    const left = this.#left(node);
    const right = this.#right(node);
    const difference = left.height - right.height;
    if (difference > 1) {
      if (this.#difference(left) < 0) node.left = this.#rotateLeft(this.#own(left));
      return this.#rotateRight(node);
    }
    if (difference < -1) {
      if (this.#difference(right) > 0) node.right = this.#rotateRight(this.#own(right));
      return this.#rotateLeft(node);
    }
    this.#measure(node);
    return node;
  }

  #difference(node: Node): number {
    return this.#left(node).height - this.#right(node).height;
  }

  #rotateRight(node: Node): Node {
    const top = this.#own(this.#left(node));
    node.left = this.#right(top);
    top.right = node;
    this.#measure(node);
    this.#measure(top);
    return top;
  }

  #rotateLeft(node: Node): Node {
    const top = this.#own(this.#right(node));
    node.right = this.#left(top);
    top.left = node;
    this.#measure(node);
    this.#measure(top);
    return top;
  }

  #measure(node: Node): void {
    const left = this.#left(node);
    const right = this.#right(node);
    node.height = Math.max(left.height, right.height) + 1;
    node.size = left.size + right.size;
  }

  /** The node itself if it is of this version, else a copy that takes its place. */
  #own(node: Node): Node {
    if (node.version === this.#version) return node;
    this.#abandon(node);
    const copy = new Node(node.key, undefined, node.height, node.size, this.#version);
    copy.left = node.left;
    copy.right = node.right;
    copy.leftVersion = node.leftVersion;
    copy.leftNonce = node.leftNonce;
    copy.rightVersion = node.rightVersion;
    copy.rightNonce = node.rightNonce;
    this.#countMade();
    return copy;
  }

  #createLeaf(key: Uint8Array, value: Uint8Array): Node {
    this.#countMade();
    return createLeaf(key, value, this.#version);
  }

  #createInner(key: Uint8Array, left: Node, right: Node): Node {
    this.#countMade();
    return createInner(key, left, right, this.#version);
  }

  #countMade(): void {
    this.#made += 1;
    this.#growth += 1;
  }

  #abandon(node: Node): void {
    this.#growth -= 1;
    const { version, nonce } = node;
    if (nonce !== 0) this.#orphans.push({ version, nonce });
  }

  #left(node: Node): Node {
    node.left ??= this.#load(node.leftVersion, node.leftNonce);
    node.left.used = this.#version;
    return node.left;
  }

  #right(node: Node): Node {
    node.right ??= this.#load(node.rightVersion, node.rightNonce);
    node.right.used = this.#version;
    return node.right;
  }

  #load(version: number, nonce: number): Node {
    const node = readNode(this.#records, version, nonce);
    node.value = undefined;
    this.#growth += 1;
    return node;
  }

  #hash(node: Node): Uint8Array {
    node.hash ??=
      node.height === 0
        ? hashLeaf(node, node.value as Uint8Array)
        : hashInner(node, this.#hash(this.#left(node)), this.#hash(this.#right(node)));
    return node.hash;
  }
}
