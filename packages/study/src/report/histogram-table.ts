import { furthestOf, type Histogram, total } from './chart/distances.ts';
import { count } from './figures.ts';
import type { Markup } from './markup.ts';
import { figures, table } from './table.ts';

type Named = readonly [name: string, histogram: Histogram];

/** A row for each distance up to the furthest that occurs, a column for each histogram. */
export function histogramTable(caption: string, histograms: readonly Named[]): Markup {
  const furthest = furthestOf(histograms.map(([, histogram]) => histogram)) - 1;
  const distances = Array.from({ length: furthest + 1 }, (_, distance) => distance);
  return table({
    caption,
    columns: [figures('distance'), ...histograms.map(([name]) => figures(name))],
    rows: [
      ...distances.map((distance) => [
        String(distance),
        ...histograms.map(([, histogram]) => count(histogram[distance] ?? 0)),
      ]),
      ['all', ...histograms.map(([, histogram]) => count(total(histogram)))],
    ],
  });
}
