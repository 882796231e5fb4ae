import type { Bounded, Rate } from '../result.ts';
import { count, interval, percent, range } from './figures.ts';
import { type Markup, markup } from './markup.ts';

/** Not measured. */
const NONE = '–';

/** In a sentence: "98.2% (97.1% to 99.0%)". */
export function withBounds(rate: Rate): string {
  if (rate.trials === 0) return NONE;
  if (rate.count === 0) return `0% (at most ${percent(rate.high)})`;
  if (rate.count === rate.trials) return `100% (at least ${percent(rate.low)})`;
  return `${percent(rate.rate)} (${interval(rate.low, rate.high)})`;
}

/** In a table: the share, and its bounds below. */
export function rateCell(rate: Rate): Markup {
  return rate.trials === 0 ? markup`${NONE}` : estimate(rate.rate, rate);
}

export function boundedCell(bounded: Bounded): Markup {
  return estimate(bounded.value, bounded);
}

function estimate(share: number, { low, high }: { low: number; high: number }): Markup {
  return markup`${percent(share)}<small>${range(low, high)}</small>`;
}

/** "491 of 500" */
export function outOf(rate: Rate): string {
  return rate.trials === 0 ? NONE : `${count(rate.count)} of ${count(rate.trials)}`;
}

const NO_TRIALS: Rate = { count: 0, trials: 0, rate: 0, low: 0, high: 1 };

/** The rate at a threshold of a list by threshold; no trials where the list is shorter. */
export function rateAt(rates: readonly Rate[], threshold: number): Rate {
  return rates[threshold] ?? NO_TRIALS;
}
