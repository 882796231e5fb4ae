import { HASH_NAMES, type HashName, type StudyResult } from '../../result.ts';
import { percent } from '../figures.ts';
import { histogramTable } from '../histogram-table.ts';
import { folded, moreCharts } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { outOf, rateAt, rateCell } from '../rates.ts';
import { resultBars, rocCurves } from '../sections/adversaries.ts';
import { figures, table, words } from '../table.ts';
import { spreadCells, spreadColumns } from './spreads.ts';

export function adversariesInFull(result: StudyResult): Markup[] {
  const { hash } = result.recommendation.profile;
  const others = HASH_NAMES.filter((name) => name !== hash);
  return [
    ...others.map((name) =>
      moreCharts(`ROC of each adversary, ${HASHES[name]}`, rocCurves(result, name)),
    ),
    ...others.map((name) =>
      moreCharts(`Distances of each adversary, ${HASHES[name]}`, resultBars(result, name)),
    ),
    folded('Work, areas and committees', [
      timeTable(result),
      workTable(result),
      aucTable(result),
      committeeTable(result),
    ]),
    folded(
      'Caught by threshold',
      HASH_NAMES.map((name) => thresholdTable(result, name)),
    ),
    folded(
      'Distances of adversaries',
      HASH_NAMES.map((name) =>
        histogramTable(
          `Results of adversaries by distance in bits, ${HASHES[name]}`,
          result.adversaries.map((one) => [one.name, one.hashes[name].histogram]),
        ),
      ),
    ),
  ];
}

function timeTable({ adversaries }: StudyResult): Markup {
  return table({
    caption: 'Time to make one result, ms; none where it takes one that exists',
    columns: [words('adversary'), ...spreadColumns('results')],
    rows: adversaries.map((one) => [one.name, ...spreadCells(one.msPerPicture)]),
  });
}

function workTable({ adversaries }: StudyResult): Markup {
  return table({
    caption: 'Work and results of each adversary',
    columns: [
      words('adversary'),
      figures('cost, share of an honest run'),
      figures('jobs with a result'),
      figures('jobs'),
      figures('files equal to the reference'),
      figures("passes the model's profile of today"),
    ],
    rows: adversaries.map((one) => [
      one.name,
      percent(one.cost),
      rateCell(one.results),
      outOf(one.results),
      rateCell(one.equalFiles),
      rateCell(one.passes),
    ]),
  });
}

function aucTable({ adversaries }: StudyResult): Markup {
  return table({
    caption: 'Area under the ROC curve, by hash; 0.5 is a coin, 1 tells always',
    columns: [words('adversary'), ...HASH_NAMES.map((hash) => figures(HASHES[hash]))],
    rows: adversaries.map(({ name, hashes }) => [
      name,
      ...HASH_NAMES.map((hash) => hashes[hash].auc.toFixed(4)),
    ]),
  });
}

function committeeTable({ adversaries }: StudyResult): Markup {
  return table({
    caption: "Committees with adversaries among them, by the model's profile of today",
    columns: [
      words('adversary'),
      figures('members'),
      figures('of them adversaries'),
      figures('adversary paid'),
      figures('no majority'),
      figures('an honest member unpaid'),
    ],
    rows: adversaries.flatMap(({ name, committees }) =>
      committees.map((one) => [
        name,
        String(one.size),
        String(one.adversaries),
        rateCell(one.paid),
        rateCell(one.noMajority),
        rateCell(one.honestUnpaid),
      ]),
    ),
  });
}

/** The points of the ROC curves; what no longer changes with the threshold is left out. */
function thresholdTable({ adversaries, honest }: StudyResult, hash: HashName): Markup {
  const lists = [honest[hash].falseAlarm, ...adversaries.map((one) => one.hashes[hash].detection)];
  const last =
    Math.max(0, ...lists.map((list) => list.findLastIndex(({ count }) => count > 0))) + 1;
  return table({
    caption: `Caught by threshold, ${HASHES[hash]}; from the last row on nothing changes`,
    columns: [
      figures('threshold, bits'),
      figures('false alarms'),
      ...adversaries.map(({ name }) => figures(name)),
    ],
    rows: Array.from({ length: last + 1 }, (_, threshold) => [
      String(threshold),
      ...lists.map((list) => rateCell(rateAt(list, threshold))),
    ]).slice(0, honest[hash].falseAlarm.length),
  });
}
