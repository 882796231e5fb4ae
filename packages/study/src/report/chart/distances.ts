import { bits, counted, percent, percentTick } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { type Axis, integerAxis, linearAxis, logAxis, type Range } from './axis.ts';
import {
  band,
  bars,
  type Look,
  line,
  nameBeside,
  type Point,
  type Side,
  uprightRule,
} from './marks.ts';
import { inside, MEDIUM, plot, SMALL } from './plot.ts';

/** Pairs by distance in bits, from 0. */
export type Histogram = readonly number[];

interface DistanceBars {
  readonly title: string;
  readonly look: Look;
  readonly histogram: Histogram;
  /** Bits up to which two results are alike. */
  readonly threshold: number;
  /** The last distance on the axis; the same in charts that are to be compared. */
  readonly furthest: number;
  /** The smallest share on the axis. */
  readonly floor: number;
}

/** The shares of pairs by distance, on a logarithmic axis: rare ones decide. */
export function distanceBars(given: DistanceBars): Markup {
  const { title, look, histogram, threshold, furthest, floor } = given;
  const range = inside(SMALL);
  const axes = {
    x: bitsAxis(furthest, range.x),
    y: shareAxis('share of pairs', floor, range.y),
  };
  return plot({
    ...axes,
    size: SMALL,
    title,
    description: inWords(histogram, threshold),
    marks: [bars(axes, look, shares(histogram)), uprightRule(axes, threshold + 0.5, '')],
  });
}

interface Population {
  readonly name: string;
  readonly look: Look;
  readonly histogram: Histogram;
}

interface TwoPopulations {
  readonly title: string;
  /** The one that is expected nearer to 0 first: the names lean outwards. */
  readonly populations: readonly [Population, Population];
  readonly threshold: number;
}

/** Shares by distance of two kinds of pairs. */
export function distanceShapes({ title, populations, threshold }: TwoPopulations): Markup {
  const furthest = furthestOf(populations.map((one) => one.histogram));
  const curves = populations.map(({ name, look, histogram }) => {
    const points = everyShare(histogram, furthest);
    const peak = points.reduce((most, point) => (point[1] > most[1] ? point : most));
    return { name, look, points, peak };
  });
  const range = inside(MEDIUM);
  const axes = {
    x: bitsAxis(furthest, range.x),
    y: linearAxis({
      label: 'share of pairs',
      // Room above the peaks for their names.
      domain: [0, 1.2 * Math.max(...curves.map((one) => one.peak[1])) || 1],
      range: range.y,
      format: percentTick,
      ticks: 4,
    }),
  };
  const areas = curves.map(({ look, points }) => {
    const below = points.map(([x, share]) => ({ x, low: 0, high: share }));
    return markup`${band(axes, look, below)}${line(axes, look, points)}`;
  });
  const names = curves.map(({ name, look, peak }, i) =>
    nameBeside(axes, { look, text: name, at: peak }, i === 0 ? 'aboveLeft' : 'above'),
  );
  return plot({
    ...axes,
    size: MEDIUM,
    title,
    description: together(populations, threshold),
    marks: [...areas, ...names, uprightRule(axes, threshold + 0.5, 'alike')],
  });
}

interface NamedPopulation extends Population {
  /** Its name stands where the curve has reached this share, or else at its end. */
  readonly named: { readonly from: number; readonly side: Side };
}

interface Populations {
  readonly title: string;
  readonly populations: readonly NamedPopulation[];
  readonly threshold: number;
}

/** The share of pairs within each distance: at the threshold, those that pass for alike. */
export function distanceSums({ title, populations, threshold }: Populations): Markup {
  const seen = populations.filter((one) => total(one.histogram) > 0);
  const furthest = furthestOf(seen.map((one) => one.histogram));
  const floor = Math.min(0.01, ...seen.map((one) => 1 / total(one.histogram)));
  const range = inside(MEDIUM, 48);
  const axes = {
    x: bitsAxis(furthest, range.x),
    y: shareAxis('share of pairs within the distance', floor, range.y),
  };
  const curves = seen.map(({ look, histogram }) => line(axes, look, sums(histogram, furthest)));
  const names = seen.map(({ name, look, histogram, named }) => {
    const at = sums(histogram, furthest).find(([, share]) => share >= named.from) ?? [furthest, 1];
    return nameBeside(axes, { look, text: name, at }, named.side);
  });
  return plot({
    ...axes,
    size: MEDIUM,
    title,
    description: together(seen, threshold),
    marks: [...curves, ...names, uprightRule(axes, threshold + 0.5, '')],
  });
}

function bitsAxis(furthest: number, range: Range): Axis {
  const domain = [-0.5, furthest + 0.5] as const;
  return integerAxis({ label: 'distance, bits', domain, range, ticks: 5 });
}

function shareAxis(label: string, floor: number, range: Range): Axis {
  return logAxis({ label, domain: [floor, 1], range, format: percentTick, ticks: 5 });
}

/** One more than the furthest distance of any pair. */
export function furthestOf(histograms: readonly Histogram[]): number {
  return 1 + Math.max(0, ...histograms.map((one) => one.findLastIndex((pairs) => pairs > 0)));
}

export function total(histogram: Histogram): number {
  return histogram.reduce((sum, pairs) => sum + pairs, 0);
}

/** Share of pairs within a distance; 0 where there are no pairs. */
export function shareWithin(histogram: Histogram, threshold: number): number {
  return total(histogram.slice(0, threshold + 1)) / (total(histogram) || 1);
}

function everyShare(histogram: Histogram, furthest: number): Point[] {
  const all = total(histogram) || 1;
  return Array.from({ length: furthest + 1 }, (_, d) => [d, (histogram[d] ?? 0) / all]);
}

function shares(histogram: Histogram): Point[] {
  return everyShare(histogram, histogram.length - 1).filter(([, share]) => share > 0);
}

function sums(histogram: Histogram, furthest: number): Point[] {
  return Array.from(
    { length: furthest + 1 },
    (_, d): Point => [d, shareWithin(histogram, d)],
  ).filter(([, share]) => share > 0);
}

function together(populations: readonly Population[], threshold: number): string {
  return populations
    .map(({ name, histogram }) => `${name}: ${inWords(histogram, threshold)}`)
    .join(' ');
}

function inWords(histogram: Histogram, threshold: number): string {
  const pairs = total(histogram);
  if (pairs === 0) return 'No pairs.';
  const within = percent(shareWithin(histogram, threshold));
  const furthest = histogram.findLastIndex((one) => one > 0);
  return `${counted(pairs, 'pair')}, ${within} within ${bits(threshold)}, none beyond ${furthest}.`;
}
