import type { HashName, StudyResult } from '../../result.ts';
import { distanceShapes, distanceSums } from '../chart/distances.ts';
import { bits, count, percent } from '../figures.ts';
import { figure } from '../layout.ts';
import { type Markup, markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { rateAt, withBounds } from '../rates.ts';

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
  caption: markup`Distances of pictures of different jobs, ${HASHES[hash]}: at the left share by share, at the right all within a distance, with honest pairs of one job for comparison. Where a curve meets the dotted rule it passes for alike.`,
  charts: otherPictureCharts(result, hash),
})}`;
}

/** Shapes, and sums beside honest pairs. */
export function otherPictureCharts(
  { collisions, honest, recommendation }: StudyResult,
  hash: HashName,
): Markup[] {
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
          named: { from: Number.POSITIVE_INFINITY, side: 'right' },
        },
        { ...sameClass, named: { from: 0.1, side: 'left' } },
        { ...crossClass, named: { from: 0.001, side: 'right' } },
      ],
      threshold,
    }),
  ];
}
