import type { MajorityResult, StudyResult } from '../../result.ts';
import { bits, count, decimal, percent } from '../figures.ts';
import { folded } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { boundedCell, outOf, rateCell } from '../rates.ts';
import { figures, table, words } from '../table.ts';

export function majorityInFull({ majorities }: StudyResult): Markup[] {
  return [folded('Majorities', [countedTable(majorities), predictedTable(majorities)])];
}

function committee({ hash, thresholdBits, size }: MajorityResult): string {
  return `${HASHES[hash]}, ${bits(thresholdBits)}, ${size} members`;
}

function countedTable(majorities: readonly MajorityResult[]): Markup {
  return table({
    caption: 'Majorities of honest committees, counted',
    columns: [
      words('committees'),
      figures('all'),
      figures('with a majority'),
      figures('share'),
      figures('unpaid members'),
      figures('share'),
      figures('one committee a job: majority'),
      figures('some member unpaid'),
    ],
    rows: majorities.map((one) => [
      committee(one),
      count(one.counted.committees),
      count(one.counted.majority),
      percent(one.counted.majorityRate),
      count(one.counted.unpaidMembers),
      percent(one.counted.unpaidRate),
      rateCell(one.sampled.majority),
      rateCell(one.sampled.someUnpaid),
    ]),
  });
}

function predictedTable(majorities: readonly MajorityResult[]): Markup {
  return table({
    caption: 'Majorities of honest committees, predicted from one run',
    columns: [
      words('committees'),
      figures('one run agrees'),
      figures('trials'),
      figures('worst profile'),
      words('which'),
      figures('formula, independent'),
      figures('formula, worst profile'),
      figures('correlation'),
      figures('formula, correlated'),
      figures('all members one machine'),
    ],
    rows: majorities.map((one) => [
      committee(one),
      rateCell(one.predicted.single),
      outOf(one.predicted.single),
      rateCell(one.predicted.worstSingle.rate),
      one.predicted.worstSingle.profile,
      boundedCell(one.predicted.independent),
      boundedCell(one.predicted.worstIndependent),
      decimal(one.predicted.correlation),
      boundedCell(one.predicted.correlated),
      boundedCell(one.predicted.identical),
    ]),
  });
}
