import { HASH_NAMES, type HashName, type StudyResult } from '../../result.ts';
import { percent } from '../figures.ts';
import { histogramTable } from '../histogram-table.ts';
import { folded, moreCharts } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { rateAt, rateCell } from '../rates.ts';
import { otherPictureCharts } from '../sections/other-pictures.ts';
import { figures, table } from '../table.ts';

export function otherPicturesInFull(result: StudyResult): Markup[] {
  const { hash } = result.recommendation.profile;
  return [
    ...HASH_NAMES.filter((name) => name !== hash).map((name) =>
      moreCharts(`Distances of different jobs, ${HASHES[name]}`, otherPictureCharts(result, name)),
    ),
    folded(
      'Different jobs taken for alike',
      HASH_NAMES.map((name) => withinTable(result, name)),
    ),
    folded(
      'Distances of different jobs',
      HASH_NAMES.map((name) => pairsTable(result, name)),
    ),
  ];
}

function withinTable({ collisions }: StudyResult, hash: HashName): Markup {
  const { sameClass, crossClass } = collisions[hash];
  const thresholds = sameClass.within.map((_, threshold) => threshold);
  // All is said when all pairs are within.
  const full = thresholds.findIndex(
    (one) => sameClass.within[one] === 1 && crossClass.within[one] === 1,
  );
  const shown = full < 0 ? thresholds : thresholds.slice(0, full + 1);
  return table({
    caption: `Different jobs taken for alike by threshold, ${HASHES[hash]}`,
    columns: [
      figures('threshold, bits'),
      figures('same class, all pairs'),
      figures('same class, disjoint pairs'),
      figures('other class, all pairs'),
      figures('other class, disjoint pairs'),
    ],
    rows: shown.map((threshold) => [
      String(threshold),
      percent(sameClass.within[threshold] ?? 0),
      rateCell(rateAt(sameClass.disjoint, threshold)),
      percent(crossClass.within[threshold] ?? 0),
      rateCell(rateAt(crossClass.disjoint, threshold)),
    ]),
  });
}

function pairsTable({ collisions, honest }: StudyResult, hash: HashName): Markup {
  return histogramTable(`Pairs by distance in bits, ${HASHES[hash]}`, [
    ['one job, honest', honest[hash].histogram],
    ['same class', collisions[hash].sameClass.histogram],
    ['other class', collisions[hash].crossClass.histogram],
  ]);
}
