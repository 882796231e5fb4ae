/** Bits of a hash, most significant first: the order in which it was read off the picture. */
export function bitsOf(hash: string): boolean[] {
  return Array.from(hash).flatMap((digit) => {
    const nibble = Number.parseInt(digit, 16);
    return [8, 4, 2, 1].map((weight) => (nibble & weight) !== 0);
  });
}

/** Which bits of two hashes of one length differ. */
export function differingBits(a: string, b: string): boolean[] {
  const other = bitsOf(b);
  return bitsOf(a).map((bit, index) => bit !== other[index]);
}

/** Hamming distance in bits. */
export function bitDistance(a: string, b: string): number {
  return differingBits(a, b).filter(Boolean).length;
}
