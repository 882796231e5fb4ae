import { scaleLinear } from 'd3-scale';
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
  const scale = scaleLinear(domain, range);
  return {
    label,
    range,
    at: (value) => scale(value),
    ticks: scale.ticks(ticks).map((value) => ({ value, text: format(value) })),
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
  const scale = scaleLinear([low, high], range).clamp(true);
  const stride = Math.ceil((high - low) / ticks);
  const exponents = Array.from(
    { length: Math.floor((high - low) / stride) + 1 },
    // From the upper end, which is 100% on an axis of shares.
    (_, i) => high - i * stride,
  );
  return {
    label,
    range,
    at: (value) => scale(value > 0 ? Math.log10(value) : low),
    ticks: exponents.map((exponent) => ({
      value: 10 ** exponent,
      text: format?.(10 ** exponent) ?? powerOfTen(exponent),
    })),
  };
}

function decades([from, to]: Range): Range {
  // A power of ten is its own decade, whatever the logarithm's last bit says.
  const low = Math.floor(Math.log10(from) + 1e-9);
  return [low, Math.max(Math.ceil(Math.log10(to) - 1e-9), low + 1)];
}
