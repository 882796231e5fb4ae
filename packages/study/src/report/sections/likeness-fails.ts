import type { PassingAdversary, StudyResult } from '../../result.ts';
import { count } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { RUNGS } from '../names.ts';
import { outOf, rateCell } from '../rates.ts';
import { figures, table, words } from '../table.ts';

/** Said first and plainly: whom the paper's reference point lets pass, and who catches them. */
export function likenessFails({ findings, adversaries }: StudyResult): Markup {
  const { passAverageHash: passers } = findings;
  if (passers.length === 0) {
    return markup`
<p>At the average hash within 2 bits, the paper's reference point, none of ${count(adversaries.length)} adversaries of the picture passed.</p>`;
  }
  return markup`
<p>At the average hash within 2 bits, the paper's reference point, <b>${count(passers.length)} of ${count(adversaries.length)} adversaries of
the picture pass</b>, ${count(passers.filter(({ passes }) => passes.rate >= HALF).length)} of them in half of their jobs or more. A vote alone would pay them. These are all of them, and what
catches each.</p>
${table({
  caption: 'Who passes the average hash within 2 bits',
  columns: [
    words('adversary'),
    figures('passes'),
    figures('jobs'),
    words('caught by'),
    words('what that sees'),
  ],
  rows: passers.map(row),
})}`;
}

const HALF = 0.5;

function row({ adversary, title, passes, caughtBy, evidence }: PassingAdversary) {
  return [
    markup`${adversary}<small>${title}</small>`,
    rateCell(passes),
    outOf(passes),
    RUNGS[caughtBy],
    evidence,
  ];
}
