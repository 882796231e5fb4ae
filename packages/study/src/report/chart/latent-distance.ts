import { decimal } from '../figures.ts';
import type { Markup } from '../markup.ts';
import { integerAxis, logAxis, type Range } from './axis.ts';
import { band, type Look, line, nameBeside, type Point, rule } from './marks.ts';
import { inside, plot, SMALL } from './plot.ts';

/** Relative L2 distances of one step, over jobs. */
interface StepSpread {
  /** From 1. */
  readonly step: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

interface Replays {
  readonly name: string;
  readonly look: Look;
  readonly steps: readonly StepSpread[];
}

interface LatentDistance {
  readonly title: string;
  readonly replays: readonly Replays[];
  /** By step from 1. */
  readonly tolerance: readonly number[];
  /** Distances on the logarithmic axis; smaller and greater ones lie at its ends. */
  readonly domain: Range;
  /** Steps of a run. */
  readonly steps: number;
}

/** How far replayed steps lie from committed ones: median, and band from least to most. */
export function latentDistance(given: LatentDistance): Markup {
  const { title, replays, tolerance, domain, steps } = given;
  const range = inside(SMALL);
  const axes = {
    x: integerAxis({ label: 'step', domain: [1, Math.max(steps, 2)], range: range.x, ticks: 4 }),
    y: logAxis({ label: 'relative L2', domain, range: range.y, ticks: 5 }),
  };
  const drawn = replays
    .filter((one) => one.steps.length > 0)
    .map(({ name, look, steps: list }) => {
      const middle = list[Math.floor(list.length / 2)] as StepSpread;
      return [
        band(
          axes,
          look,
          list.map(({ step, min, max }) => ({ x: step, low: min, high: max })),
        ),
        line(
          axes,
          look,
          list.map(({ step, median }) => [step, median]),
        ),
        nameBeside(
          axes,
          { text: name, look, at: [middle.step, look === 'honest' ? middle.min : middle.max] },
          look === 'honest' ? 'below' : 'above',
        ),
      ];
    });
  return plot({
    ...axes,
    size: SMALL,
    title,
    description: replays.map(inWords).join(' '),
    marks: [
      ...drawn.flat(),
      rule(
        axes,
        tolerance.map((one, i): Point => [i + 1, one]),
      ),
    ],
  });
}

function inWords({ name, steps }: Replays): string {
  if (steps.length === 0) return `${name}: not measured.`;
  const least = Math.min(...steps.map((one) => one.min));
  const most = Math.max(...steps.map((one) => one.max));
  return `${name}: ${decimal(least)} to ${decimal(most)}.`;
}
