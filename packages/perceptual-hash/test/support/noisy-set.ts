import { type HashSet, hashSet } from '../../src/hamming/hash-set.ts';

/** Hashes around a few centres, each with up to `flips` bits flipped: near pairs and equal ones. */
export function noisySet(options: {
  readonly bits: number;
  readonly count: number;
  readonly centres: number;
  readonly flips: number;
  readonly seed: number;
}): HashSet {
  const { bits, count, centres, flips } = options;
  let state = options.seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const size = bits / 8;
  const centre = Array.from({ length: centres }, () =>
    Uint8Array.from({ length: size }, () => below(256)),
  );
  const bytes = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) {
    bytes.set(centre[below(centres)] as Uint8Array, i * size);
    for (let flip = below(flips + 1); flip > 0; flip--) {
      const bit = below(bits);
      const at = i * size + (bit >> 3);
      bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    }
  }
  return hashSet(bits, bytes);
}
