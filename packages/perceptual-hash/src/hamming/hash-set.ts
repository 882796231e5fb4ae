import { InvalidInputError } from '@semblance/core/errors';

/** Hash lengths that the kernels take, in bits. */
export const HASH_BITS = [64, 128, 192, 256] as const;
export type HashBits = (typeof HASH_BITS)[number];

/** So that the number of pairs of two sets, at most 2^52, is exact as a number. */
export const MAX_HASHES = 2 ** 26;

/** Hashes of one length, one after another; may lie in shared memory. Made by {@link hashSet}. */
export interface HashSet {
  readonly bits: HashBits;
  /** From 1 to {@link MAX_HASHES}. */
  readonly count: number;
  /** Hash i is the `bits / 8` bytes from `i * bits / 8` on. Distances do not depend on byte order. */
  readonly bytes: Uint8Array;
}

/**
 * The set of hashes of `bits` bits that lie one after another in `bytes`, which are not copied.
 *
 * @throws InvalidInputError for another length, no hash, a part of a hash, or too many hashes.
 */
export function hashSet(bits: number, bytes: Uint8Array, field = 'hashes'): HashSet {
  if (!isHashBits(bits)) {
    throw new InvalidInputError(field, `${bits}-bit hashes; there are ${HASH_BITS.join(', ')}`);
  }
  const count = bytes.length / (bits / 8);
  if (count === 0) throw new InvalidInputError(field, 'no hash in it');
  if (!Number.isInteger(count)) {
    throw new InvalidInputError(
      field,
      `truncated: ${bytes.length} bytes are no whole number of ${bits}-bit hashes`,
    );
  }
  if (count > MAX_HASHES) throw new InvalidInputError(field, `more than ${MAX_HASHES} hashes`);
  return { bits, count, bytes };
}

/** The set of the given hashes. @throws InvalidInputError as above, and for mixed lengths. */
export function hashSetOf(hashes: readonly Uint8Array[], field = 'hashes'): HashSet {
  const size = hashes[0]?.length ?? 0;
  const odd = hashes.findIndex((hash) => hash.length !== size);
  if (odd !== -1) {
    const lengths = `${size * 8} and ${(hashes[odd] as Uint8Array).length * 8}`;
    throw new InvalidInputError(field, `mixed lengths: hashes of ${lengths} bits (number ${odd})`);
  }
  if (hashes.length === 0) throw new InvalidInputError(field, 'no hash in it');
  const bytes = new Uint8Array(hashes.length * size);
  hashes.forEach((hash, i) => {
    bytes.set(hash, i * size);
  });
  return hashSet(size * 8, bytes, field);
}

/** Bytes of hash `i`. */
export function hashAt({ bits, bytes }: HashSet, i: number): Uint8Array {
  return bytes.subarray((i * bits) / 8, ((i + 1) * bits) / 8);
}

function isHashBits(bits: number): bits is HashBits {
  return (HASH_BITS as readonly number[]).includes(bits);
}
