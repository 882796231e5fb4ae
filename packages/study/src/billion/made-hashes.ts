import { type PhiloxKey, philox } from '@semblance/inference/philox';
import { type HashSet, hashSet } from '@semblance/perceptual-hash/hamming/hash-set';

/** How many hashes, in which classes. */
export interface Shape {
  readonly classes: number;
  readonly perClass: number;
}

/** Which hashes: sets of the same seed and different `set` numbers are of the same classes. */
export interface Making extends Shape {
  readonly seed: number;
  readonly set: number;
}

const CENTRES = 1;
const HASHES = 2;

/** Independent uniform 64-bit hashes: distances are binomial, and near pairs almost absent. */
export function uniformHashes({ classes, perClass, seed, set }: Making): HashSet {
  const words = new WordStream([seed, HASHES], set);
  return make(classes * perClass, (hash) => {
    hash[0] = words.next();
    hash[1] = words.next();
  });
}

/**
 * Hashes around the centre of their class, each bit of which is flipped with probability 1/4, 1/8,
 * 1/16 or 1/32, a quarter of the classes each: from classes of varied pictures to classes of
 * pictures nearly the same, full of near pairs and of equal hashes. Centres depend on the seed
 * alone, so that two sets have the same classes, as two machines' pictures of the same prompts.
 */
export function clusteredHashes({ classes, perClass, seed, set }: Making): HashSet {
  const centres = new WordStream([seed, CENTRES], 0);
  const words = new WordStream([seed, HASHES], set);
  const centre = new Uint32Array(2);
  return make(classes * perClass, (hash, i) => {
    if (i % perClass === 0) centre.set([centres.next(), centres.next()]);
    const halvings = 2 + (Math.floor(i / perClass) % 4);
    for (const half of [0, 1] as const) {
      let flips = words.next();
      for (let n = 1; n < halvings; n++) flips &= words.next();
      hash[half] = (centre[half] as number) ^ flips;
    }
  });
}

function make(count: number, write: (hash: Uint32Array, i: number) => void): HashSet {
  const words = new Uint32Array(new SharedArrayBuffer(count * 8));
  for (let i = 0; i < count; i++) write(words.subarray(2 * i, 2 * i + 2), i);
  return hashSet(64, new Uint8Array(words.buffer));
}

/** The 32-bit words of Philox 4x32-10 under one key, block after block. */
class WordStream {
  readonly #key: PhiloxKey;
  readonly #stream: number;
  #block: readonly number[] = [];
  #counter = 0;
  #used = 4;

  constructor(key: PhiloxKey, stream: number) {
    this.#key = key;
    this.#stream = stream;
  }

  next(): number {
    if (this.#used === 4) {
      this.#block = philox([this.#counter++, this.#stream, 0, 0], this.#key);
      this.#used = 0;
    }
    return this.#block[this.#used++] as number;
  }
}
