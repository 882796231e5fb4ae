import { type Markup, markup, NOTHING } from '../markup.ts';
import type { Axis } from './axis.ts';

/** The two axes that marks are drawn against. */
export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

export type Point = readonly [x: number, y: number];

/** How marks look; lines are told apart by dash as well as by colour, see `style.ts`. */
export const LOOKS = ['honest', 'foe', 'third', 'fourth', 'fifth', 'neutral'] as const;
export type Look = (typeof LOOKS)[number];

export function line(axes: Axes, look: Look, points: readonly Point[]): Markup {
  return markup`<path class="line ${look}" d="${through(axes, points)}"/>`;
}

export interface Between {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** The area between two lines: from least to most, or the bounds of a confidence interval. */
export function band({ x, y }: Axes, look: Look, between: readonly Between[]): Markup {
  const upper = between.map((one) => markup`${x.at(one.x)},${y.at(one.high)} `);
  const lower = between.toReversed().map((one) => markup`${x.at(one.x)},${y.at(one.low)} `);
  return markup`<polygon class="band ${look}" points="${upper}${lower}"/>`;
}

/** Bars around whole numbers of x, from the foot of the plot. */
export function bars({ x, y }: Axes, look: Look, points: readonly Point[]): Markup {
  const unit = x.at(1) - x.at(0);
  // Gaps between narrow bars would only shimmer.
  const width = unit < 5 ? unit : unit * 0.8;
  const drawn = points.map(([a, b]) => {
    const top = y.at(b);
    return markup`<rect x="${x.at(a) - width / 2}" y="${top}" width="${width}" height="${y.range[0] - top}"/>`;
  });
  return markup`<g class="bars ${look}">${drawn}</g>`;
}

export function dots({ x, y }: Axes, look: Look, points: readonly Point[]): Markup {
  const drawn = points.map(([a, b]) => markup`<circle cx="${x.at(a)}" cy="${y.at(b)}" r="2.5"/>`);
  return markup`<g class="dots ${look}">${drawn}</g>`;
}

/** An upright rule at a value of x; a name stands at its head on the side that has more room. */
export function uprightRule({ x, y }: Axes, value: number, name: string): Markup {
  const at = x.at(value);
  const [foot, head] = y.range;
  const anchor = at > (x.range[0] + x.range[1]) / 2 ? 'end' : 'start';
  const beside = anchor === 'end' ? at - 4 : at + 4;
  const label =
    name === ''
      ? NOTHING
      : markup`<text class="name" x="${beside}" y="${head + 8}" text-anchor="${anchor}">${name}</text>`;
  return markup`<path class="rule" d="M${at},${foot}V${head}"/>${label}`;
}

/** A rule that changes along x. */
export function rule(axes: Axes, points: readonly Point[]): Markup {
  return markup`<path class="rule" d="${through(axes, points)}"/>`;
}

function through({ x, y }: Axes, points: readonly Point[]): Markup[] {
  return points.map(([a, b], i) => markup`${i === 0 ? 'M' : 'L'}${x.at(a)},${y.at(b)}`);
}

export interface Name {
  readonly look: Look;
  readonly text: string;
  /** The point of the line that it stands at. */
  readonly at: Point;
}

const SIDES = {
  left: { anchor: 'end', dx: -7, dy: 4 },
  right: { anchor: 'start', dx: 7, dy: 4 },
  above: { anchor: 'start', dx: -4, dy: -6 },
  aboveLeft: { anchor: 'end', dx: 4, dy: -6 },
  below: { anchor: 'start', dx: 4, dy: 15 },
} as const;

export type Side = keyof typeof SIDES;

/** Room that a name takes at the left of its point. */
const NAME_WIDTH = 62;

/** The name of a mark beside a point of it; at the right if there is no room at the left. */
export function nameBeside({ x, y }: Axes, { look, text, at }: Name, side: Side): Markup {
  const noRoom = side === 'left' && x.at(at[0]) - x.range[0] < NAME_WIDTH;
  const { anchor, dx, dy } = SIDES[noRoom ? 'right' : side];
  return markup`<text class="name ${look}" x="${x.at(at[0]) + dx}" y="${y.at(at[1]) + dy}" text-anchor="${anchor}">${text}</text>`;
}

const NAME_HEIGHT = 13;

/** Names of lines right of their last points, moved apart where they would lie on each other. */
export function namesAtEnds({ x, y }: Axes, names: readonly Name[]): Markup {
  const wanted = names.map((name) => y.at(name.at[1]));
  const heights = apart(wanted, NAME_HEIGHT, [y.range[1], y.range[0]]);
  const drawn = names.map(({ look, text, at: [end] }, i) => {
    return markup`<text class="name ${look}" x="${x.at(end) + 8}" y="${nth(heights, i) + 4}">${text}</text>`;
  });
  return markup`${drawn}`;
}

/** The heights wanted, in their order, moved to be `gap` apart and, where they fit, inside. */
export function apart(wanted: readonly number[], gap: number, [top, bottom]: Point): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => nth(wanted, a) - nth(wanted, b));
  const placed = [...wanted];
  let least = top;
  for (const i of order) {
    placed[i] = Math.max(nth(placed, i), least);
    least = nth(placed, i) + gap;
  }
  let most = bottom;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(nth(placed, i), most);
    most = nth(placed, i) - gap;
  }
  return placed;
}

function nth(list: readonly number[], index: number): number {
  return list[index] as number;
}
