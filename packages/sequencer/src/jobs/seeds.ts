const UINT64 = 1n << 64n;

/** Seeds of `count` images: from the given one upwards, wrapping at 2^64, or drawn at random. */
export function seedsOf(first: bigint | undefined, count: number): bigint[] {
  const start = first ?? randomSeed();
  return Array.from({ length: count }, (_, i) =>
    first === undefined && i > 0 ? randomSeed() : (start + BigInt(i)) % UINT64,
  );
}

/** 53 bits, so that the seed survives a client that reads it as a JSON number. */
function randomSeed(): bigint {
  const word = crypto.getRandomValues(new BigUint64Array(1))[0] as bigint;
  return word >> 11n;
}
