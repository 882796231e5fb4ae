import { InvalidInputError } from './errors.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 bytes of a string. */
export function fromUtf8(text: string): Uint8Array {
  return (text.length <= 64 ? fromAscii(text) : undefined) ?? encoder.encode(text);
}

/** Most texts are short: 4 letters take 22 ns so and 270 by the encoder, 42 letters 63 and 300. */
function fromAscii(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/** The string that the bytes spell. Throws {@link InvalidInputError} when they are not UTF-8. */
export function toUtf8(bytes: Uint8Array, field = 'text'): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new InvalidInputError(field, 'not valid UTF-8', { cause });
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (let i = 0; i < bytes.length; i++) hex += HEX[bytes[i] as number];
  return hex;
}

/** Bytes of an even-length hexadecimal string, either case. */
export function fromHex(hex: string, field = 'hex'): Uint8Array {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) {
    throw new InvalidInputError(field, 'not hexadecimal');
  }
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** One array holding the parts in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lexicographic order by byte: negative, zero or positive. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function equals(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compare(a, b) === 0;
}

/** All numbers go through here: 30 ns each, and 200 with a view of its own (Node 24). */
const eightBytes = new Uint8Array(8);
const eight = new DataView(eightBytes.buffer);

/** Big-endian unsigned 64-bit integer, so that byte order is number order. */
export function fromUint64(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 64n)
    throw new RangeError(`not an unsigned 64-bit integer: ${value}`);
  eight.setBigUint64(0, value);
  return new Uint8Array(eightBytes);
}

/** Reads a big-endian unsigned 64-bit integer at `offset`. */
export function toUint64(bytes: Uint8Array, offset = 0): bigint {
  if (offset < 0 || offset + 8 > bytes.length) {
    throw new RangeError(`no 8 bytes at ${offset} of ${bytes.length}`);
  }
  for (let i = 0; i < 8; i++) eightBytes[i] = bytes[offset + i] as number;
  return eight.getBigUint64(0);
}
