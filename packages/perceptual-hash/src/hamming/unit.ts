import { hammingDistance, hexDigitDistance } from '../hamming.ts';
import type { HashBits } from './hash-set.ts';

/** What a distance counts: bits, or hexadecimal digits that differ. */
export type DistanceUnit = 'bits' | 'hex-digits';

/** The largest distance between two hashes. */
export function maxDistance(bits: HashBits, unit: DistanceUnit): number {
  return unit === 'bits' ? bits : bits / 4;
}

/** The plain function of two hashes that the kernels must agree with. */
export function distanceIn(unit: DistanceUnit): (a: Uint8Array, b: Uint8Array) => number {
  return unit === 'bits' ? hammingDistance : hexDigitDistance;
}
