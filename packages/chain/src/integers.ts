import { fromUtf8, toUtf8 } from '@semblance/core/bytes';

/** A value of a few integers, none negative: their decimal digits with spaces between. */
export function encodeIntegers(...integers: readonly bigint[]): Uint8Array {
  return fromUtf8(integers.join(' '));
}

export function decodeIntegers(bytes: Uint8Array): bigint[] {
  return toUtf8(bytes).split(' ').map(BigInt);
}

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
