import { SemblanceError } from '@semblance/core/errors';
import type { Grouping } from './distinct.ts';

/** There are more near pairs than the caller was ready to take. */
export class TooManyPairsError extends SemblanceError<'TOO_MANY_PAIRS', { limit: number }> {
  constructor(limit: number) {
    super('TOO_MANY_PAIRS', `more than ${limit} pairs are that near`, { limit });
  }
}

/** Pairs in the order of their positions: pair i is a[i], b[i], at distance[i]. */
export interface NearPairs {
  /** Position in the first set; in a single set, the smaller of the two. */
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly distance: Uint16Array;
}

/** Pairs of equal hashes within one set, from how often each hash occurs. */
export function pairsAmongEqual(weights: Uint32Array): number {
  return weights.reduce((sum, weight) => sum + (weight * (weight - 1)) / 2, 0);
}

/** The `total` pairs of the sets that matches of different hashes stand for, sorted. */
export function nearPairsOf(
  matches: readonly Uint32Array[],
  total: number,
  a: Grouping,
  b?: Grouping,
): NearPairs {
  const keys = new PairKeys(total);
  const inA = membersOf(a);
  const inB = b ? membersOf(b) : inA;
  if (!b) {
    for (let number = 0; number < a.distinct.hashes.count; number++) {
      const equal = inA(number);
      equal.forEach((i, n) => {
        for (const j of equal.subarray(n + 1)) keys.add(i, j, 0);
      });
    }
  }
  for (const list of matches) {
    for (let at = 0; at < list.length; at += 3) {
      const distance = list[at + 2] as number;
      for (const i of inA(list[at] as number)) {
        for (const j of inB(list[at + 1] as number)) {
          if (b || i < j) keys.add(i, j, distance);
          else keys.add(j, i, distance);
        }
      }
    }
  }
  return keys.sorted();
}

/** The positions at which each different hash stands, ascending. */
function membersOf({ distinct: { weights }, numbers }: Grouping): (number: number) => Uint32Array {
  const ends = new Uint32Array(weights.length + 1);
  weights.forEach((weight, number) => {
    ends[number + 1] = (ends[number] as number) + weight;
  });
  const next = ends.slice();
  const positions = new Uint32Array(numbers.length);
  numbers.forEach((number, position) => {
    const at = next[number] as number;
    positions[at] = position;
    next[number] = at + 1;
  });
  return (number) => positions.subarray(ends[number], ends[number + 1]);
}

/**
 * Pairs as 64-bit keys, which sort by a, then b: 26 bits a position (MAX_HASHES is 2^26) and 9 bits
 * of distance (at most 256), laid out by halves so that no bigint is made.
 */
class PairKeys {
  readonly #halves: Uint32Array;
  #length = 0;

  constructor(count: number) {
    this.#halves = new Uint32Array(count * 2);
  }

  add(a: number, b: number, distance: number): void {
    this.#halves[this.#length++] = (b << 9) | distance;
    this.#halves[this.#length++] = (a << 3) | (b >>> 23);
  }

  sorted(): NearPairs {
    const halves = this.#halves;
    new BigUint64Array(halves.buffer).sort();
    const count = halves.length / 2;
    const pairs = {
      a: new Uint32Array(count),
      b: new Uint32Array(count),
      distance: new Uint16Array(count),
    };
    for (let i = 0; i < count; i++) {
      const low = halves[2 * i] as number;
      const high = halves[2 * i + 1] as number;
      pairs.a[i] = high >>> 3;
      pairs.b[i] = ((high & 7) << 23) | (low >>> 9);
      pairs.distance[i] = low & 511;
    }
    return pairs;
  }
}
