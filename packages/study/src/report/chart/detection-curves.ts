import { percent, percentTick } from '../figures.ts';
import type { Markup } from '../markup.ts';
import { integerAxis, linearAxis } from './axis.ts';
import { dots, LOOKS, line, namesAtEnds, type Point } from './marks.ts';
import { inside, MEDIUM, plot } from './plot.ts';

export const MOST_CURVES = LOOKS.length;

interface DetectionCurves {
  readonly title: string;
  /** Steps of a run. */
  readonly steps: number;
  /** How many of them were skipped: one curve each, no more than there are looks. */
  readonly skipped: readonly number[];
  /** Most checks on the axis. */
  readonly checks: number;
  /** Chances of drawing without replacement, which lie a little higher. */
  readonly exact: readonly Point[];
}

/** Chance that one of k drawn steps at least is wrong, where a share q of all steps is. */
export function detectionProbability(q: number, k: number): number {
  return 1 - (1 - q) ** k;
}

/** 1 - (1 - q)^k by the number of checks. */
export function detectionCurves(given: DetectionCurves): Markup {
  const { title, steps, skipped, checks, exact } = given;
  const range = inside(MEDIUM, 100);
  const axes = {
    x: integerAxis({
      label: 'steps checked, k',
      domain: [0, Math.max(checks, 1)],
      range: range.x,
      ticks: 6,
    }),
    y: linearAxis({
      label: 'chance of detection',
      domain: [0, 1],
      range: range.y,
      format: percentTick,
      ticks: 5,
    }),
  };
  const curves = LOOKS.slice(0, skipped.length).map((look, i) => {
    const wrong = skipped[i] ?? 0;
    const points = Array.from(
      { length: checks + 1 },
      (_, k): Point => [k, detectionProbability(wrong / steps, k)],
    );
    const end = points.at(-1) ?? [0, 0];
    return { look, points, end, text: `${wrong} of ${steps} skipped` };
  });
  return plot({
    ...axes,
    size: MEDIUM,
    title,
    description: curves
      .map((one) => `${one.text}: ${percent(one.end[1])} at ${checks} checks.`)
      .join(' '),
    marks: [
      ...curves.map(({ look, points }) => line(axes, look, points)),
      dots(axes, 'neutral', exact),
      namesAtEnds(
        axes,
        curves.map(({ look, text, end }) => ({ look, text, at: end })),
      ),
    ],
  });
}
