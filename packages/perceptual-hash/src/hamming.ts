/**
 * Hamming distance of two hashes in bits.
 *
 * @throws RangeError when the lengths differ: hashes of different kinds have no distance.
 */
export function hammingDistance(a: Uint8Array, b: Uint8Array): number {
  requireSameLength(a, b);
  let distance = 0;
  for (let i = 0; i < a.length; i++) {
    for (let differing = (a[i] as number) ^ (b[i] as number); differing !== 0; distance++) {
      differing &= differing - 1;
    }
  }
  return distance;
}

/**
 * Hamming distance of two hashes in hexadecimal digits: how many characters of their hex spellings
 * differ, the unit of the scripts of arXiv 2307.01898. At most the distance in bits.
 *
 * @throws RangeError when the lengths differ.
 */
export function hexDigitDistance(a: Uint8Array, b: Uint8Array): number {
  requireSameLength(a, b);
  let distance = 0;
  for (let i = 0; i < a.length; i++) {
    const differing = (a[i] as number) ^ (b[i] as number);
    if (differing & 0xf0) distance++;
    if (differing & 0x0f) distance++;
  }
  return distance;
}

function requireSameLength(a: Uint8Array, b: Uint8Array): void {
  if (a.length !== b.length) {
    throw new RangeError(`hashes of different lengths: ${a.length} and ${b.length} bytes`);
  }
}
