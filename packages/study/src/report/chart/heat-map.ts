import { percent } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { cut, picture } from './plot.ts';

interface HeatMap {
  readonly title: string;
  readonly description: string;
  readonly names: readonly string[];
  /** The share, from 0 to 1, of two different names; undefined where it was not measured. */
  readonly share: (row: number, column: number) => number | undefined;
}

const WIDTH = 340;
const NAME_WIDTH = 104;
const TOP = 24;

/**
 * A share for every pair, in percent, below a diagonal on which the names stand: each at the end of
 * its row and at the head of its column. The tint runs from the least share to 1.
 */
export function heatMap({ title, description, names, share }: HeatMap): Markup {
  const side = Math.min((WIDTH - NAME_WIDTH) / Math.max(names.length - 1, 1), 48);
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

const PALEST = 0.1;

function cell({ row, column, share }: Cell, side: number, least: number): Markup {
  const [x, y] = [column * side, TOP + row * side];
  const tint = share === undefined ? 0 : PALEST + (1 - PALEST) * ((share - least) / (1 - least));
  const figure = share === undefined ? '–' : percent(share).replace('%', '');
  return markup`<rect class="cell" x="${x + 1}" y="${y + 1}" width="${side - 2}" height="${side - 2}" fill-opacity="${tint}"/><text class="${tint > 0.55 ? 'figure on' : 'figure'}" x="${x + side / 2}" y="${y + side / 2 + 4}" text-anchor="middle">${figure}</text>`;
}
