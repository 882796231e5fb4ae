import { type HashSet, hashSet } from './hash-set.ts';
import { shareable } from './shared-memory.ts';

/** The different hashes of a set, each with the number of times it occurs. */
export interface DistinctHashes {
  readonly hashes: HashSet;
  readonly weights: Uint32Array;
}

/** The different hashes of a set, in the order of their first occurrence, and who has which. */
export interface Grouping {
  readonly distinct: DistinctHashes;
  /** For each hash of the set, its number among the different ones. */
  readonly numbers: Uint32Array;
}

/**
 * Groups equal hashes, so that a picture that occurs a thousand times is compared once. An open
 * hash table, at most half full.
 */
export function groupEqual(set: HashSet): Grouping {
  const size = set.bits / 32;
  const words = wordsOf(set);
  const numbers = new Uint32Array(set.count);
  const weights = new Uint32Array(shareable(set.count * 4));
  const found = new Uint32Array(shareable(set.count * size * 4));
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(set.count * 2)));
  let count = 0;
  for (let i = 0; i < set.count; i++) {
    const at = i * size;
    let slot = mix(words, at, size) & (slots.length - 1);
    // A slot holds one more than the number of its hash, and 0 when it is free.
    for (; slots[slot] !== 0; slot = (slot + 1) & (slots.length - 1)) {
      if (isEqual(words, at, found, ((slots[slot] as number) - 1) * size, size)) break;
    }
    if (slots[slot] === 0) {
      for (let word = 0; word < size; word++) {
        found[count * size + word] = words[at + word] as number;
      }
      slots[slot] = ++count;
    }
    const number = (slots[slot] as number) - 1;
    numbers[i] = number;
    weights[number] = (weights[number] as number) + 1;
  }
  const bytes = new Uint8Array(found.buffer, 0, count * size * 4);
  return {
    distinct: { hashes: hashSet(set.bits, bytes), weights: weights.subarray(0, count) },
    numbers,
  };
}

function wordsOf({ bytes }: HashSet): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** The steps of MurmurHash3's body and finaliser. */
function mix(words: Uint32Array, at: number, size: number): number {
  let mixed = 0;
  for (let word = at; word < at + size; word++) {
    const k = Math.imul(words[word] as number, 0xcc9e2d51);
    mixed ^= Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    mixed = Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64;
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function isEqual(a: Uint32Array, i: number, b: Uint32Array, j: number, size: number): boolean {
  for (let word = 0; word < size; word++) if (a[i + word] !== b[j + word]) return false;
  return true;
}
