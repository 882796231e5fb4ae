/*
 * Keys as strings of one character a byte, so that a Map can hold them. Such strings compare by
 * code unit, which is exactly the byte order of the keys.
 */

/** Buffer's method, which takes any bytes: to make a Buffer for it takes as long again (Node 24). */
const latin1Slice: (this: Uint8Array, start: number, end: number) => string = Reflect.get(
  Buffer.prototype,
  'latin1Slice',
);

export function toByteString(bytes: Uint8Array): string {
  return latin1Slice.call(bytes, 0, bytes.length);
}

export function fromByteString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
