import type { HashBits } from './hash-set.ts';

/*
 * Multi-index hashing (Norouzi, Punjani and Fleet, CVPR 2012), with the segments compared exactly:
 * cut hashes into t + 1 segments, and two hashes within t of each other agree on at least one, since
 * t differing bits or digits touch at most t segments. Segments are made of whole hexadecimal
 * digits, which serves both units, and digit d belongs to segment d mod (t + 1): neighbouring
 * digits are neighbouring pixels and say the same, and spread out they fill the buckets evenly.
 *
 * The worst case is a set of different hashes that all have one value in a segment: that segment's
 * join then compares all pairs, so at most t + 1 times all pairs are compared in the end.
 */

/** How the hashes of a join are cut and shared out. */
export interface Segments {
  readonly count: number;
  /** Segment after segment, `bits / 64` words each: ones where the segment is. */
  readonly masks: BigUint64Array;
  /** log2 of the number of buckets of a segment. */
  readonly bucketBits: number;
  /** log2 of the number of parts that the buckets of a segment are sorted in. */
  readonly partBits: number;
}

const DIGITS_A_WORD = 16;
/** Below this many pairs, comparing all of them takes less than a millisecond. */
const FEW_PAIRS = 2 ** 21;
/** Times that pairs sharing a segment must be rarer than pairs, all segments together. */
const GAIN = 8;

/**
 * The segments for pairs up to `threshold` among sets of `a` and `b` hashes; undefined where
 * comparing all pairs is expected to take no longer: few pairs, or segments of too few digits.
 */
export function segmentsFor(
  bits: HashBits,
  threshold: number,
  a: number,
  b: number,
): Segments | undefined {
  const digits = bits / 4;
  const count = threshold + 1;
  if (count > digits || a * b < FEW_PAIRS) return undefined;
  if (16 ** Math.floor(digits / count) < GAIN * count) return undefined;
  const bucketBits = clamp(Math.ceil(Math.log2(Math.max(a, b))) + 1, 8, 26);
  return {
    count,
    masks: masksOf(bits, count),
    bucketBits,
    // At least four parts a segment keep the threads busy to the end; more keep memory down.
    partBits: clamp(bucketBits - 20, 2, 4),
  };
}

function masksOf(bits: HashBits, count: number): BigUint64Array {
  const words = bits / 64;
  const masks = new BigUint64Array(count * words);
  for (let digit = 0; digit < bits / 4; digit++) {
    const at = (digit % count) * words + Math.floor(digit / DIGITS_A_WORD);
    masks[at] = (masks[at] as bigint) | (0xfn << BigInt((digit % DIGITS_A_WORD) * 4));
  }
  return masks;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
