/**
 * Hamming distance of two hashes in bits.
 *
 * @throws RangeError when the lengths differ: hashes of different kinds have no distance.
 */
export function hammingDistance(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) {
    throw new RangeError(`hashes of different lengths: ${a.length} and ${b.length} bytes`);
  }
  let distance = 0;
  for (let i = 0; i < a.length; i++) {
    for (let differing = (a[i] as number) ^ (b[i] as number); differing !== 0; distance++) {
      differing &= differing - 1;
    }
  }
  return distance;
}
