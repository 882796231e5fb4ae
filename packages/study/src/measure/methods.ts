import { hexDigitDistance } from '@semblance/perceptual-hash/hamming';
import { HASH_NAMES, type MethodResult, type Tolerances } from '../result.ts';
import { spreadOf } from '../statistics/spread.ts';
import { distancesBetween, isDefined, meanOf, type Pictures } from './pictures.ts';

/**
 * The table of the original: every other profile against the reference, hash by hash, in bits and
 * in hex digits, since its scripts count one in one place and the other in another.
 */
export function measureMethods([reference, ...others]: readonly Pictures[]): MethodResult[] {
  return HASH_NAMES.map((hash) => {
    const compare = (distance?: (a: Uint8Array, b: Uint8Array) => number) =>
      others
        .flatMap((other) => distancesBetween(reference as Pictures, other, hash, distance))
        .filter(isDefined);
    const bits = compare();
    return {
      hash,
      comparisons: bits.length,
      msPerPicture: spreadOf((reference as Pictures).hashMs[hash]),
      bits: tolerances(bits),
      hexDigits: tolerances(compare(hexDigitDistance)),
    };
  });
}

function tolerances(distances: readonly number[]): Tolerances {
  const share = (most: number) =>
    distances.length === 0 ? 0 : distances.filter((d) => d <= most).length / distances.length;
  return {
    outliers: distances.filter((distance) => distance > 0).length,
    within1: share(1),
    within2: share(2),
    average: meanOf(distances),
    max: distances.reduce((most, distance) => Math.max(most, distance), 0),
  };
}
