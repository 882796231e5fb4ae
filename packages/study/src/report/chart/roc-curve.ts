import { bits, percent, percentTick } from '../figures.ts';
import { type Markup, NOTHING } from '../markup.ts';
import { linearAxis, logAxis } from './axis.ts';
import { band, dots, line, type Point } from './marks.ts';
import { inside, plot, SMALL } from './plot.ts';

/** What one threshold does. All shares from 0 to 1. */
export interface RocPoint {
  readonly threshold: number;
  /** Of honest pairs, those it tears apart. */
  readonly falseAlarm: number;
  /** Of an adversary's results, those it sets apart from honest ones, with bounds. */
  readonly caught: { readonly rate: number; readonly low: number; readonly high: number };
}

interface RocCurve {
  readonly title: string;
  readonly points: readonly RocPoint[];
  /** The threshold that is marked. */
  readonly threshold: number;
  /** The smallest share of false alarms on the logarithmic axis; none at all lies there too. */
  readonly floor: number;
}

/** One adversary: a point for each threshold, a band for its bounds, dots where a coin would be. */
export function rocCurve({ title, points, threshold, floor }: RocCurve): Markup {
  const range = inside(SMALL);
  const axes = {
    x: logAxis({
      label: 'false alarms',
      domain: [floor, 1],
      range: range.x,
      format: percentTick,
      ticks: 3,
    }),
    y: linearAxis({
      label: 'caught',
      domain: [0, 1],
      range: range.y,
      format: percentTick,
      ticks: 2,
    }),
  };
  const order = points
    .toSorted((a, b) => b.threshold - a.threshold)
    .filter((one, i, all) => !alike(one, all[i - 1]));
  const chosen = points.find((one) => one.threshold === threshold);
  return plot({
    ...axes,
    size: SMALL,
    title,
    description: chosen ? inWords(chosen) : 'No results.',
    marks: [
      line(axes, 'neutral', coin(floor)),
      band(
        axes,
        'foe',
        order.map(({ falseAlarm, caught }) => ({
          x: falseAlarm,
          low: caught.low,
          high: caught.high,
        })),
      ),
      line(
        axes,
        'foe',
        order.map(({ falseAlarm, caught }) => [falseAlarm, caught.rate]),
      ),
      chosen ? dots(axes, 'foe', [[chosen.falseAlarm, chosen.caught.rate]]) : NOTHING,
    ],
  });
}

/** Most thresholds catch all or nothing. */
function alike(one: RocPoint, other: RocPoint | undefined): boolean {
  return (
    one.falseAlarm === other?.falseAlarm &&
    one.caught.low === other.caught.low &&
    one.caught.high === other.caught.high
  );
}

/** Caught as often as falsely alarmed: a curve on a logarithmic axis. */
function coin(floor: number): Point[] {
  const decades = Math.log10(1 / floor);
  return Array.from({ length: 25 }, (_, i) => {
    const share = floor * 10 ** ((decades * i) / 24);
    return [share, share];
  });
}

function inWords({ threshold, falseAlarm, caught }: RocPoint): string {
  const bounds = `${percent(caught.low)} to ${percent(caught.high)}`;
  return `At a threshold of ${bits(threshold)} ${percent(caught.rate)} are caught (${bounds}), with ${percent(falseAlarm)} false alarms.`;
}
