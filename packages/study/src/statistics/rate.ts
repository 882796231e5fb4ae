import { InvalidInputError } from '@semblance/core/errors';
import type { Rate } from '../result.ts';
import { betaQuantile } from './beta.ts';

/** Of every bound in a study. */
export const CONFIDENCE = 0.95;

/**
 * A share with the exact bounds of Clopper and Pearson (Biometrika 26, 1934): whatever the true
 * rate, intervals made like this hold it at least `confidence` of the time, if trials are
 * independent. No trials tell nothing: 0 to 1.
 *
 * @param count whole number from 0 to `trials`
 * @throws InvalidInputError when they are not whole numbers in order.
 */
export function rateOf(count: number, trials: number, confidence: number = CONFIDENCE): Rate {
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(trials)) {
    throw new InvalidInputError('count', `${count} of ${trials} are no whole numbers`);
  }
  if (count < 0 || count > trials) {
    throw new InvalidInputError('count', `not from 0 to ${trials}: ${count}`);
  }
  const tail = (1 - confidence) / 2;
  return {
    count,
    trials,
    rate: trials === 0 ? 0 : count / trials,
    low: count === 0 ? 0 : betaQuantile(tail, count, trials - count + 1),
    high: count === trials ? 1 : betaQuantile(1 - tail, count + 1, trials - count),
  };
}

/** The share of `values` for which `holds`. */
export function shareOf<T>(values: readonly T[], holds: (value: T) => boolean): Rate {
  return rateOf(
    values.reduce((count, value) => count + (holds(value) ? 1 : 0), 0),
    values.length,
  );
}

/** The share of trials that did not: with its bounds exchanged. */
export function complement({ count, trials, rate, low, high }: Rate): Rate {
  return {
    count: trials - count,
    trials,
    rate: trials === 0 ? 0 : 1 - rate,
    low: 1 - high,
    high: 1 - low,
  };
}
