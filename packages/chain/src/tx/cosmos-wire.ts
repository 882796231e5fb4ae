import { BinaryReader, BinaryWriter } from 'cosmjs-types/binary';

/*
 * The reader and the writer of cosmjs-types (0.11) without what they allocate for every message: a
 * copy of all that is read, and a slab of 8 KiB for what is written.
 */

/** Reads the bytes where they are; what is read shares their memory. */
export class CosmosReader extends BinaryReader {
  constructor(bytes: Uint8Array) {
    super();
    this.buf = bytes;
    this.len = bytes.length;
  }
}

/** Finishes into exactly the bytes that are needed. */
export class CosmosWriter extends BinaryWriter {
  override finish(): Uint8Array {
    const bytes = new Uint8Array(this.len);
    let at = 0;
    for (let op = this.head.next; op !== undefined; op = op.next) {
      op.proceed(bytes, at);
      at += op.len;
    }
    return bytes;
  }
}
