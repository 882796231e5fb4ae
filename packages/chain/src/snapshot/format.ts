import type { ExportedNode } from '@semblance/iavl/import';
import { writeField } from '@semblance/iavl/records';
import { VarintReader, writeUvarint } from '@semblance/iavl/varint';
import type { TreeVersion } from '@semblance/iavl/version';

/*
 * Format 1: the trees in the order of the stores, each as its nodes in post-order and an END. An
 * inner node is its version alone; a leaf has key and value too, each after its length. A chunk ends
 * between two nodes, with the first that makes it full, so that all who hold the same state cut the
 * same chunks. Not compressed: compressors of two releases do not give the same bytes.
 */

export const SNAPSHOT_FORMAT = 1;

/** A chunk is full at this length. */
const FULL_BYTES = 2 ** 20;

/** No chunk is longer: peers of CometBFT take up to 16 MB. */
export const MAX_CHUNK_BYTES = 10_000_000;

/** Far above what a chain comes to, and a list of hashes that fits a message. */
export const MAX_CHUNKS = 10_000;

const END = 0;
const INNER = 1;
const LEAF = 2;

/** Kind, version and two lengths. */
const NUMBERS_LENGTH = 1 + 8 + 5 + 5;

export function* encodeTrees(trees: readonly TreeVersion[]): Generator<Uint8Array> {
  const chunk = new Chunk();
  for (const tree of trees) {
    for (const node of tree.postOrder()) {
      if (node.height > 0) chunk.addInner(node.version);
      else chunk.addLeaf(node.version, node.key, tree.valueOf(node));
      if (chunk.length >= FULL_BYTES) yield chunk.take();
    }
    chunk.addEnd();
  }
  yield chunk.take();
}

/** The nodes of a chunk; undefined is a tree's end. Throws RangeError for anything else. */
export function* decodeChunk(chunk: Uint8Array): Generator<ExportedNode | undefined> {
  const reader = new VarintReader(chunk);
  while (!reader.isAtEnd) yield decodeNode(reader);
}

function decodeNode(reader: VarintReader): ExportedNode | undefined {
  const kind = reader.byte();
  if (kind === END) return undefined;
  const version = reader.uvarint();
  if (kind === INNER) return { version, entry: undefined };
  if (kind !== LEAF) throw new RangeError(`no kind of node: ${kind}`);
  // Copied, so that a key does not hold on to its chunk.
  return { version, entry: [reader.bytes().slice(), reader.bytes()] };
}

/** A chunk that grows. */
class Chunk {
  #bytes = new Uint8Array(FULL_BYTES + 2 ** 16);
  #end = 0;

  get length(): number {
    return this.#end;
  }

  addEnd(): void {
    this.#begin(END, 0);
  }

  addInner(version: number): void {
    this.#begin(INNER, 0);
    this.#end = writeUvarint(this.#bytes, this.#end, version);
  }

  addLeaf(version: number, key: Uint8Array, value: Uint8Array): void {
    this.#begin(LEAF, key.length + value.length);
    this.#end = writeUvarint(this.#bytes, this.#end, version);
    this.#end = writeField(this.#bytes, this.#end, key);
    this.#end = writeField(this.#bytes, this.#end, value);
  }

  /** What was added since the last time. */
  take(): Uint8Array {
    const chunk = this.#bytes.slice(0, this.#end);
    this.#end = 0;
    return chunk;
  }

  #begin(kind: number, length: number): void {
    const needed = this.#end + NUMBERS_LENGTH + length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#end++] = kind;
  }
}
