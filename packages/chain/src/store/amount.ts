import { concat, fromUint64, toUint64 } from '@semblance/core/bytes';

/** No amount of any coin reaches this, so that 16 bytes hold it. */
export const AMOUNT_LIMIT = 1n << 128n;

/** An amount as 16 bytes, big-endian. */
export function encodeAmount(amount: bigint): Uint8Array {
  if (amount < 0n || amount >= AMOUNT_LIMIT) throw new RangeError(`not an amount: ${amount}`);
  return concat(fromUint64(amount >> 64n), fromUint64(amount & 0xffffffffffffffffn));
}

export function decodeAmount(bytes: Uint8Array): bigint {
  return (toUint64(bytes) << 64n) | toUint64(bytes, 8);
}
