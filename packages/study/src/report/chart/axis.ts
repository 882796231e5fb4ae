import { ticks as niceTicks } from 'd3-array';
import { powerOfTen } from '../figures.ts';

/** Where a value lies, in the user units of the SVG, and which values are marked. */
export interface Axis {
  /** Quantity and unit. */
  readonly label: string;
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
  /** Where the least and the greatest value lie. */
  readonly range: Range;
}

interface Tick {
  readonly value: number;
  readonly text: string;
}

export type Range = readonly [from: number, to: number];

interface LinearAxis {
  readonly label: string;
  readonly domain: Range;
  readonly range: Range;
  readonly format: (value: number) => string;
  /** About how many ticks. */
  readonly ticks: number;
}

/** A domain of one value lies in the middle of the range. */
export function linearAxis({ label, domain, range, format, ticks }: LinearAxis): Axis {
  return {
    label,
    range,
    at: (value) => between(range, share(domain, value)),
    ticks: niceTicks(...domain, ticks).map((value) => ({ value, text: format(value) })),
  };
}

/** Ticks at whole numbers only: bits, steps, checks. */
export function integerAxis(axis: Omit<LinearAxis, 'format'>): Axis {
  const { ticks, ...rest } = linearAxis({ ...axis, format: String });
  return { ...rest, ticks: ticks.filter(({ value }) => Number.isInteger(value)) };
}

interface LogAxis {
  readonly label: string;
  /** Both above 0; widened to whole powers of ten, one at least. */
  readonly domain: Range;
  readonly range: Range;
  readonly format?: (value: number) => string;
  /** About how many ticks. */
  readonly ticks: number;
}

/** What lies below the domain, zero above all, is drawn at its lower end, and above at its upper. */
export function logAxis({ label, domain, range, format, ticks }: LogAxis): Axis {
  const [low, high] = decades(domain);
  const stride = Math.ceil((high - low) / ticks);
  const exponents = Array.from(
    { length: Math.floor((high - low) / stride) + 1 },
    // From the upper end, which is 100% on an axis of shares.
    (_, i) => high - i * stride,
  );
  return {
    label,
    range,
    at: (value) => {
      const exponent = value > 0 ? Math.log10(value) : low;
      return between(range, Math.min(Math.max(share([low, high], exponent), 0), 1));
    },
    ticks: exponents.map((exponent) => ({
      value: 10 ** exponent,
      text: format?.(10 ** exponent) ?? powerOfTen(exponent),
    })),
  };
}

/** How far along a domain a value lies, from 0 to 1 inside of it. */
function share([from, to]: Range, value: number): number {
  return from === to ? 0.5 : (value - from) / (to - from);
}

function between([from, to]: Range, along: number): number {
  return from + along * (to - from);
}

function decades([from, to]: Range): Range {
  // A power of ten is its own decade, whatever the logarithm's last bit says.
  const low = Math.floor(Math.log10(Math.max(from, Number.MIN_VALUE)) + 1e-9);
  return [low, Math.max(Math.ceil(Math.log10(to) - 1e-9), low + 1)];
}
