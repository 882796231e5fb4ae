/**
 * Packs bits most significant first, right-aligned: when `count` is no multiple of 8 the first
 * byte starts with zeros, so that the bytes spell the same number as the hexadecimal of imagehash.
 */
export function packBits(count: number, isSet: (index: number) => boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(count / 8));
  const padding = 8 * bytes.length - count;
  for (let i = 0; i < count; i++) {
    if (!isSet(i)) continue;
    const at = i + padding;
    bytes[at >> 3] = (bytes[at >> 3] as number) | (0x80 >> (at & 7));
  }
  return bytes;
}
