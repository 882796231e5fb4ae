import { type HashSet, hashAt } from './hash-set.ts';
import { type DistanceUnit, distanceIn, maxDistance } from './unit.ts';

/** A pair of hashes by their positions, and how far apart they are. */
export type Pair = readonly [a: number, b: number, distance: number];

/*
 * The plain definition of every operation: two loops over all pairs. The kernels are tested
 * against it; it is for sets of thousands.
 */

/** Every pair of a set, smaller position first. */
export function* pairsWithin(set: HashSet, unit: DistanceUnit): Generator<Pair> {
  const distance = distanceIn(unit);
  for (let i = 0; i < set.count; i++) {
    for (let j = i + 1; j < set.count; j++) {
      yield [i, j, distance(hashAt(set, i), hashAt(set, j))];
    }
  }
}

/** Every pair of a hash of `a` and a hash of `b`. */
export function* pairsAcross(a: HashSet, b: HashSet, unit: DistanceUnit): Generator<Pair> {
  const distance = distanceIn(unit);
  for (let i = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++) yield [i, j, distance(hashAt(a, i), hashAt(b, j))];
  }
}

/** How many of the pairs are at each distance, from 0 to the largest there can be. */
export function histogramOf(pairs: Iterable<Pair>, set: HashSet, unit: DistanceUnit): number[] {
  const histogram = new Array<number>(maxDistance(set.bits, unit) + 1).fill(0);
  for (const [, , distance] of pairs) histogram[distance] = (histogram[distance] ?? 0) + 1;
  return histogram;
}
