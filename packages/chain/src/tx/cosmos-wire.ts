import { BinaryReader, BinaryWriter } from 'cosmjs-types/binary';

/*
 * The reader and the writer of cosmjs-types (0.11) without what they allocate for every message, a
 * copy of all that is read and a slab of 8 KiB for what is written, and with integers from 2^31 to
 * 2^32 - 1 written right.
 */

/** A codec in the manner of cosmjs-types. */
export interface Codec<M> {
  encode(message: M, writer: BinaryWriter): { finish(): Uint8Array };
  decode(bytes: BinaryReader): M;
}

/** The bytes of one of Cosmos' messages. */
export function encodeCosmos<M>(codec: Codec<M>, message: M): Uint8Array {
  return codec.encode(message, new CosmosWriter()).finish();
}

/** Reads bytes of our own making. What is from outside goes through `decodeCosmos`. */
export function readCosmos<M>(codec: Codec<M>, bytes: Uint8Array): M {
  return codec.decode(new CosmosReader(bytes));
}

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
  override uint64 = (value: string | number | bigint) => this.int64(value);

  override int64(value: string | number | bigint): BinaryWriter {
    const integer = BigInt(value);
    return integer >= 0n && integer < 0x1_0000_0000n
      ? this.uint32(Number(integer))
      : super.int64(integer);
  }

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
