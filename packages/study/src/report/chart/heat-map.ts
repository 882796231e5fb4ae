import { type Markup, markup } from '../markup.ts';
import { cut, picture } from './plot.ts';

interface HeatMap {
  readonly title: string;
  readonly description: string;
  readonly names: readonly string[];
  /** The share, from 0 to 1, of two different names; undefined where it was not measured. */
  readonly share: (row: number, column: number) => number | undefined;
}

const WIDTH = 258;
const NAME_WIDTH = 106;
const TOP = 24;

/**
 * A share for every pair, in percent, below a diagonal on which the names stand: each at the end of
 * its row and at the head of its column. The tint runs from the least share to 1.
 */
export function heatMap({ title, description, names, share }: HeatMap): Markup {
  const side = Math.min((WIDTH - NAME_WIDTH) / Math.max(names.length - 1, 1), 40);
  const pairs = names.flatMap((_, row) =>
    names.slice(0, row).map((_, column) => ({ row, column, share: share(row, column) })),
  );
  const least = Math.min(0.999, ...pairs.map((pair) => pair.share ?? 1));
  const labels = names.map((name, i) => {
    const y = TOP + (i + 0.5) * side + 4;
    return markup`<text class="name" x="${i * side + 5}" y="${y}">${cut(name, 17)}</text>`;
  });
  return picture({
    size: { width: WIDTH, height: TOP + Math.max(names.length, 1) * side + 2 },
    title,
    description,
    content: markup`${pairs.map((pair) => cell(pair, side, least))}${labels}`,
  });
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly share: number | undefined;
}

/** Pale enough for ink on all of them. */
const TINTS = [0.06, 0.55] as const;

function cell({ row, column, share }: Cell, side: number, least: number): Markup {
  const [x, y] = [column * side, TOP + row * side];
  const [palest, darkest] = TINTS;
  const tint =
    share === undefined ? 0 : palest + (darkest - palest) * ((share - least) / (1 - least));
  // Cut, not rounded: only what is all is written 100.
  const figure =
    share === undefined ? '–' : share === 1 ? '100' : (Math.floor(share * 1000) / 10).toFixed(1);
  return markup`<rect class="cell" x="${x + 1}" y="${y + 1}" width="${side - 2}" height="${side - 2}" fill-opacity="${tint}"/><text class="figure" x="${x + side / 2}" y="${y + side / 2 + 4}" text-anchor="middle">${figure}</text>`;
}
