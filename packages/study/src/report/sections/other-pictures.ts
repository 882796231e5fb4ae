import { HASH_NAMES, type HashName, type StudyResult } from '../../result.ts';
import { distanceShapes, distanceSums } from '../chart/distances.ts';
import { count, percent } from '../figures.ts';
import { histogramTable } from '../histogram-table.ts';
import { figure, folded, moreCharts } from '../layout.ts';
import { type Markup, markup } from '../markup.ts';
import { bits, HASHES } from '../names.ts';
import { rateAt, rateCell, withBounds } from '../rates.ts';
import { figures, table } from '../table.ts';

/** How often pictures of different jobs are taken for alike, of the same class and of others. */
export function otherPictures(result: StudyResult): Markup {
  const { hash, thresholdBits } = result.recommendation.profile;
  const { sameClass, crossClass } = result.collisions[hash];
  return markup`
<p>Likeness is worth nothing if pictures of different jobs are alike as well. Among ${count(sameClass.pairs)} pairs of the same class
${percent(sameClass.within[thresholdBits] ?? 0)} lie within ${bits(thresholdBits)} by the ${HASHES[hash]}, among ${count(crossClass.pairs)} pairs of different classes
${percent(crossClass.within[thresholdBits] ?? 0)}. Those pairs share pictures and have no bounds; among pairs that share none the same-class share is
${withBounds(rateAt(sameClass.disjoint, thresholdBits))}.</p>
${figure({
  number: 3,
  caption: markup`Distances of pictures of different jobs, ${HASHES[hash]}: at the left share by share, at the right all within a distance, with honest pairs of one job for comparison. Where a curve meets the dashed rule it passes for alike.`,
  charts: charts(result, hash),
})}
${HASH_NAMES.filter((name) => name !== hash).map((name) =>
  moreCharts(`Distances of different jobs: ${HASHES[name]}`, charts(result, name)),
)}
${folded(
  'Numbers: pictures of different jobs',
  HASH_NAMES.flatMap((name) => [withinTable(result, name), pairsTable(result, name)]),
)}`;
}

function charts({ collisions, honest, recommendation }: StudyResult, hash: HashName): Markup[] {
  const threshold = recommendation.profile.thresholdBits;
  const sameClass = {
    name: 'same class',
    look: 'foe',
    histogram: collisions[hash].sameClass.histogram,
  } as const;
  const crossClass = {
    name: 'other class',
    look: 'third',
    histogram: collisions[hash].crossClass.histogram,
  } as const;
  return [
    distanceShapes({
      title: `Different jobs, ${HASHES[hash]}`,
      populations: [sameClass, crossClass],
      threshold,
    }),
    distanceSums({
      title: `Within a distance, ${HASHES[hash]}`,
      populations: [
        {
          name: 'honest',
          look: 'honest',
          histogram: honest[hash].histogram,
          named: { from: 0, side: 'below' },
        },
        { ...sameClass, named: { from: 0.1, side: 'left' } },
        { ...crossClass, named: { from: 0.001, side: 'right' } },
      ],
      threshold,
    }),
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
