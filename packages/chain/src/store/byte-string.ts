/*
 * Keys as strings of one character a byte, so that a Map can hold them. Such strings compare by
 * code unit, which is exactly the byte order of the keys.
 */

/** A Buffer's own method, which works on any bytes; a Buffer made for it takes as long again. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
};

export function toByteString(bytes: Uint8Array): string {
  return latin1Slice.call(bytes, 0, bytes.length);
}

export function fromByteString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
