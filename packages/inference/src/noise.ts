import { InvalidInputError } from '@semblance/core/errors';
import { inverseNormal } from './normal.ts';
import { philox } from './philox.ts';

/**
 * The noise that a seed defines: `length` standard normals, the same bits on every machine.
 *
 * Normal number n comes from block floor(n/2) of Philox 4x32-10 with the seed as key (low word
 * first) and the counter (block low, block high, stream, 0). The block's words 0-1 (even n) or
 * 2-3 (odd n) give a 52-bit integer k, u = (k + 1/2) / 2^52, and the normal is the inverse of the
 * normal distribution at u, rounded to float32.
 *
 * @param seed unsigned 64-bit integer
 * @param stream unsigned 32-bit integer; different streams of one seed are independent
 * @throws InvalidInputError naming the field
 */
export function seedNoise(seed: bigint, stream: number, length: number): Float32Array {
  if (seed < 0n || seed >= 1n << 64n) throw new InvalidInputError('seed', 'not in 0..2^64-1');
  if (!Number.isInteger(stream) || stream < 0 || stream > 0xffffffff) {
    throw new InvalidInputError('stream', 'not an unsigned 32-bit integer');
  }
  if (!Number.isSafeInteger(length) || length < 0 || length > 2 ** 31) {
    throw new InvalidInputError('length', 'not in 0..2^31');
  }
  const key = [Number(seed & 0xffffffffn), Number(seed >> 32n)] as const;
  const noise = new Float32Array(length);
  for (let n = 0; n < length; n += 2) {
    const [a, b, c, d] = philox([n / 2, 0, stream, 0], key);
    noise[n] = inverseNormal(uniform(a, b));
    if (n + 1 < length) noise[n + 1] = inverseNormal(uniform(c, d));
  }
  return noise;
}

/** The middle of one of 2^52 equal parts of (0, 1): never 0 or 1, and 1 - u is exact. */
function uniform(high: number, low: number): number {
  return (high * 0x100000 + (low >>> 12) + 0.5) / 0x10000000000000;
}
