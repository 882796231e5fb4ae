import { BinaryWriter } from 'cosmjs-types/binary';

/** Bytes with their length as an unsigned varint before them, as ABCI frames them. */
export function delimited(bytes: Uint8Array): Buffer {
  return Buffer.concat([BinaryWriter.create().uint32(bytes.length).finish(), bytes]);
}

/** A stream in pieces that end at `cuts`, taken modulo its length. */
export function cut(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = cuts.map((at) => at % (stream.length + 1)).sort((a, b) => a - b);
  let from = 0;
  return [...ends, stream.length].map((to) => {
    const piece = stream.subarray(from, to);
    from = to;
    return piece;
  });
}
