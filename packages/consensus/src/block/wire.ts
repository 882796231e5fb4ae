import { concat, fromUtf8 } from '@semblance/core/bytes';

/*
 * Protocol Buffers fields, written exactly as gogoproto writes them for CometBFT: scalar fields
 * are left out when they hold the default, embedded messages that are not pointers never are.
 * 64-bit numbers are bigint throughout, since these bytes are hashed and signed.
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

const NOTHING = new Uint8Array(0);

/** Base-128 varint of a 64-bit integer; a negative one is written in two's complement. */
export function varint(value: bigint): Uint8Array {
  // Nearly all are tags, short lengths and small numbers.
  if (value >= 0n && value < 0x80n) return Uint8Array.of(Number(value));
  if (value < -(1n << 63n) || value >= 1n << 64n) throw new RangeError(`not 64-bit: ${value}`);
  let rest = BigInt.asUintN(64, value);
  const bytes: number[] = [];
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

export function intField(field: number, value: bigint): Uint8Array {
  return value === 0n ? NOTHING : concat(tag(field, VARINT), varint(value));
}

/** Little-endian signed 64-bit field, as canonical votes use for height and round. */
export function sfixed64Field(field: number, value: bigint): Uint8Array {
  if (value === 0n) return NOTHING;
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return concat(tag(field, FIXED64), bytes);
}

export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return value.length === 0 ? NOTHING : messageField(field, value);
}

export function stringField(field: number, value: string): Uint8Array {
  return bytesField(field, fromUtf8(value));
}

/** An embedded message, or one element of a repeated field: written even when empty. */
export function messageField(field: number, encoded: Uint8Array): Uint8Array {
  return concat(tag(field, BYTES), varint(BigInt(encoded.length)), encoded);
}

export function lengthDelimited(bytes: Uint8Array): Uint8Array {
  return concat(varint(BigInt(bytes.length)), bytes);
}

/** `google.protobuf.Timestamp` of Unix milliseconds at or after 1970. */
export function timestamp(timeMs: bigint): Uint8Array {
  if (timeMs < 0n) throw new RangeError(`time before 1970: ${timeMs}`);
  return concat(intField(1, timeMs / 1000n), intField(2, (timeMs % 1000n) * 1_000_000n));
}

function tag(field: number, wireType: number): Uint8Array {
  // One byte: no message here has a field above 15.
  return Uint8Array.of((field << 3) | wireType);
}
