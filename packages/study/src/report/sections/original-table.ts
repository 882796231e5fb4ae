import type { StudyResult, Tolerances } from '../../result.ts';
import { count, decimal, percent } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { figures, table, words } from '../table.ts';

/** The table of the original experiment, in both units that its scripts used. */
export function originalTable({ methods, plan }: StudyResult): Markup {
  return markup`
<p>The original experiment compared every other machine with one. So here: every profile with <code>${plan.reference}</code>, in bits and in
hex digits, because the original scripts count in one unit here and in the other there.</p>
${table({
  caption: 'By hash: time, outliers, tolerance and average distance',
  columns: [
    words('hash'),
    words('unit'),
    figures('comparisons'),
    figures('ms a picture'),
    figures('outliers'),
    figures('within 1'),
    figures('within 2'),
    figures('average distance'),
    figures('furthest'),
  ],
  rows: methods.flatMap(({ hash, comparisons, msPerPicture, bits, hexDigits }) => {
    const row = (unit: string, one: Tolerances) => [
      HASHES[hash],
      unit,
      count(comparisons),
      decimal(msPerPicture.mean),
      count(one.outliers),
      percent(one.within1),
      percent(one.within2),
      decimal(one.average),
      count(one.max),
    ];
    return [row('bits', bits), row('hex digits', hexDigits)];
  }),
})}`;
}
