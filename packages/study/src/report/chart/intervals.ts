import { type Markup, markup, NOTHING } from '../markup.ts';
import { logAxis, type Range } from './axis.ts';
import { type Look, uprightRule } from './marks.ts';
import { cut, plot } from './plot.ts';

/** A quantity between two others: the bounds of an estimate, or the least and most of a sample. */
export interface IntervalRow {
  readonly name: string;
  readonly look: Look;
  readonly value: number;
  /** What is exact has none. */
  readonly bounds?: Range;
}

interface Intervals {
  readonly title: string;
  readonly description: string;
  /** Quantity and unit. */
  readonly label: string;
  readonly rows: readonly IntervalRow[];
  /** Of the logarithmic axis; smaller values, 0 above all, and greater ones lie at its ends. */
  readonly domain: Range;
  readonly format: (value: number) => string;
  readonly rule?: { readonly value: number; readonly name: string };
}

const WIDTH = 340;
const NAME_WIDTH = 150;
const ROW = 21;
/** Room above the rows for the name of the rule. */
const HEAD = 24;
const TOP = 38;

/** Quantities below each other on a logarithmic axis: a dot each, and a bar between its bounds. */
export function intervals(given: Intervals): Markup {
  const { title, description, label, rows, domain, format, rule } = given;
  const foot = TOP + Math.max(rows.length, 1) * ROW;
  const x = logAxis({ label, domain, range: [NAME_WIDTH, WIDTH - 14], format, ticks: 4 });
  const y = {
    label: '',
    at: (row: number) => TOP + (row + 0.5) * ROW,
    ticks: [],
    range: [foot, HEAD],
  } as const;
  const grid = x.ticks.map(
    ({ value }) => markup`<path class="grid" d="M${x.at(value)},${foot}V${HEAD}"/>`,
  );
  const drawn = rows.map(({ name, look, value, bounds }, row) => {
    const at = y.at(row);
    const bar = bounds
      ? markup`<path class="bar ${look}" d="M${x.at(bounds[0])},${at}H${x.at(bounds[1])}"/>`
      : NOTHING;
    return markup`<text class="tick" x="${NAME_WIDTH - 10}" y="${at + 4}" text-anchor="end">${cut(name, 26)}</text>${bar}<g class="dots ${look}"><circle cx="${x.at(value)}" cy="${at}" r="3.5"/></g>`;
  });
  return plot({
    size: { width: WIDTH, height: foot + 34 },
    title,
    description,
    x,
    y,
    marks: [...grid, ...drawn, rule ? uprightRule({ x, y }, rule.value, rule.name) : NOTHING],
  });
}
