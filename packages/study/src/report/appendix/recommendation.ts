import type { StudyResult } from '../../result.ts';
import { folded } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { rateCell } from '../rates.ts';
import { figures, table, words } from '../table.ts';

export function recommendationInFull(result: StudyResult): Markup[] {
  return [folded('Hashes and thresholds that were looked at', candidateTable(result))];
}

function candidateTable({ recommendation }: StudyResult): Markup {
  return table({
    caption: 'Hashes and thresholds in the order of preference',
    columns: [
      words('hash'),
      figures('threshold, bits'),
      words('eligible'),
      figures('false alarms, worst pair'),
      words('adversary of another picture that is caught least'),
      figures('caught'),
      figures('same-class collision'),
    ],
    rows: recommendation.candidates.map((one) => [
      HASHES[one.hash],
      String(one.thresholdBits),
      one.eligible ? 'yes' : 'no',
      rateCell(one.worstFalseAlarm),
      one.leastDetected.adversary,
      rateCell(one.leastDetected.detection),
      rateCell(one.sameClassCollision),
    ]),
  });
}
