import { sha256 } from '@semblance/core/sha256';
import { TreeError } from './errors.ts';
import { type NodeId, nodeKey, type Records, writeField } from './records.ts';
import { VarintReader, writeUvarint, writeVarint } from './varint.ts';

/*
 * A node of an IAVL+ tree: values are in the leaves, an inner node's key is the least key of its
 * right subtree. What is hashed and what is stored are cosmos/iavl v1's (node.go: writeHashBytes,
 * writeBytes).
 */
export class Node {
  key: Uint8Array;
  /** A leaf's before it is saved; then it is in its record. */
  value: Uint8Array | undefined;
  /** 0 for a leaf. */
  height: number;
  /** How many leaves there are below, a leaf itself counting. */
  size: number;
  /** The version that made it. */
  version: number;
  /** A number by which it is found in the records; 0 before it is saved. */
  nonce = 0;
  /** 32 bytes; undefined while its version is in the making. */
  hash: Uint8Array | undefined = undefined;
  /** Children that are in memory; others are found by the ids below, which may be old till then. */
  left: Node | undefined = undefined;
  right: Node | undefined = undefined;
  leftVersion = 0;
  leftNonce = 0;
  rightVersion = 0;
  rightNonce = 0;
  /** The last version that looked at it, by which memory is freed. */
  used: number;

  constructor(
    key: Uint8Array,
    value: Uint8Array | undefined,
    height: number,
    size: number,
    version: number,
  ) {
    this.key = key;
    this.value = value;
    this.height = height;
    this.size = size;
    this.version = version;
    this.used = version;
  }
}

export function createLeaf(key: Uint8Array, value: Uint8Array, version: number): Node {
  return new Node(key, value, 0, 1, version);
}

export function createInner(key: Uint8Array, left: Node, right: Node, version: number): Node {
  const height = Math.max(left.height, right.height) + 1;
  const node = new Node(key, undefined, height, left.size + right.size, version);
  node.left = left;
  node.right = right;
  return node;
}

/** Notes under which ids the children in memory are saved. */
export function noteChildren(node: Node): void {
  if (node.left !== undefined) {
    node.leftVersion = node.left.version;
    node.leftNonce = node.left.nonce;
  }
  if (node.right !== undefined) {
    node.rightVersion = node.right.version;
    node.rightNonce = node.right.nonce;
  }
}

/** Preimages and records are made here, but for those of long keys or values. */
const scratch = new Uint8Array(512);

/** Hash of a leaf: of its key and the hash of its value. */
export function hashLeaf(node: Node, value: Uint8Array): Uint8Array {
  const { key, version } = node;
  const prefix = writeLeafPrefix(scratch, version);
  const behind = writeUvarint(scratch, prefix, key.length);
  const valueHash = sha256(value);
  if (behind + key.length + 33 > scratch.length) {
    return sha256(scratch.slice(0, behind), key, Uint8Array.of(32), valueHash);
  }
  scratch.set(key, behind);
  scratch[behind + key.length] = 32;
  scratch.set(valueHash, behind + key.length + 1);
  return sha256(scratch.subarray(0, behind + key.length + 33));
}

export function hashInner(node: Node, left: Uint8Array, right: Uint8Array): Uint8Array {
  const prefix = writeInnerPrefix(scratch, node);
  scratch[prefix] = 32;
  scratch.set(left, prefix + 1);
  scratch[prefix + 33] = 32;
  scratch.set(right, prefix + 34);
  return sha256(scratch.subarray(0, prefix + 66));
}

/** What stands before a leaf's key in its preimage. */
export function writeLeafPrefix(bytes: Uint8Array, version: number): number {
  bytes[0] = 0;
  bytes[1] = 2;
  return writeVarint(bytes, 2, version);
}

/** What stands before the children in an inner node's preimage. */
export function writeInnerPrefix(bytes: Uint8Array, node: Node): number {
  const height = writeVarint(bytes, 0, node.height);
  return writeVarint(bytes, writeVarint(bytes, height, node.size), node.version);
}

/** Longest encoding of the numbers in a record: height, size, two lengths, mode, two ids. */
const NUMBERS_LENGTH = 80;

/** A node as it is stored; its key is stored beside its id. A leaf's hash is made anew. */
export function encodeNode(node: Node): Uint8Array {
  const { key, value } = node;
  const body = node.height === 0 ? (value as Uint8Array) : (node.hash as Uint8Array);
  const longest = NUMBERS_LENGTH + key.length + body.length;
  const bytes = longest <= scratch.length ? scratch : new Uint8Array(longest);
  let end = writeVarint(bytes, 0, node.height);
  end = writeVarint(bytes, end, node.size);
  end = writeField(bytes, end, key);
  end = writeField(bytes, end, body);
  if (node.height > 0) {
    end = writeVarint(bytes, end, 0);
    end = writeVarint(bytes, end, node.leftVersion);
    end = writeVarint(bytes, end, node.leftNonce);
    end = writeVarint(bytes, end, node.rightVersion);
    end = writeVarint(bytes, end, node.rightNonce);
  }
  return bytes.slice(0, end);
}

/** Reads a node from its record. */
export function readNode(records: Records, version: number, nonce: number): Node {
  const bytes = records.get(nodeKey(version, nonce));
  if (bytes === undefined) throw corrupt({ version, nonce });
  try {
    return decodeNode(bytes, version, nonce);
  } catch (cause) {
    throw corrupt({ version, nonce }, cause);
  }
}

function decodeNode(bytes: Uint8Array, version: number, nonce: number): Node {
  const reader = new VarintReader(bytes);
  const height = reader.varint();
  const size = reader.varint();
  // Copied, so that a node does not hold on to its record.
  const key = reader.bytes().slice();
  const node = new Node(key, undefined, height, size, version);
  node.nonce = nonce;
  if (height === 0) {
    node.value = reader.bytes();
    node.hash = hashLeaf(node, node.value);
    return node;
  }
  node.hash = reader.bytes().slice();
  reader.varint();
  node.leftVersion = reader.varint();
  node.leftNonce = reader.varint();
  node.rightVersion = reader.varint();
  node.rightNonce = reader.varint();
  return node;
}

function corrupt(id: NodeId, cause?: unknown): TreeError {
  const message = `node ${id.version}/${id.nonce} is missing or unreadable`;
  return new TreeError('CORRUPT_TREE', message, { ...id }, { cause });
}
