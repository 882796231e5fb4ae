/*
 * Hashes are `words` 64-bit words each, one after another. `words` and `unit` reach every function
 * below as literals, so that each pair of them is compiled into a kernel of its own.
 */

/** Distance in bits. */
export const BITS: i32 = 0;
/** Distance in hexadecimal digits: four bits that differ anywhere count once. */
export const DIGITS: i32 = 1;

/** Distance of two hashes of which `x` is the exclusive or, one word of it. */
// @ts-ignore: decorator
@inline
export function weigh(unit: i32, x: u64): u64 {
  if (unit == BITS) return popcnt(x);
  x |= x >> 1;
  x |= x >> 2;
  return popcnt(x & 0x1111111111111111);
}

/** Distance between the hash q0..q3, held in registers, and the one at `p`. */
// @ts-ignore: decorator
@inline
export function distanceTo(
  words: i32,
  unit: i32,
  q0: u64,
  q1: u64,
  q2: u64,
  q3: u64,
  p: usize,
): u64 {
  let distance = weigh(unit, load<u64>(p) ^ q0);
  if (words > 1) distance += weigh(unit, load<u64>(p, 8) ^ q1);
  if (words > 2) distance += weigh(unit, load<u64>(p, 16) ^ q2);
  if (words > 3) distance += weigh(unit, load<u64>(p, 24) ^ q3);
  return distance;
}

/** Word `word` of the hash at `p`, or 0 where the hash is shorter. */
// @ts-ignore: decorator
@inline
export function wordOf(words: i32, word: i32, p: usize): u64 {
  return word < words ? load<u64>(p + (<usize>word << 3)) : 0;
}
