/** No amount of any coin reaches this, so that 16 bytes hold it. */
export const AMOUNT_LIMIT = 1n << 128n;

/** An amount as 16 bytes, big-endian. */
export function encodeAmount(amount: bigint): Uint8Array {
  if (amount < 0n || amount >= AMOUNT_LIMIT) throw new RangeError(`not an amount: ${amount}`);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, amount >> 64n);
  view.setBigUint64(8, amount & 0xffffffffffffffffn);
  return bytes;
}

export function decodeAmount(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}
