import type { HashName, Rate, StudyResult } from '../../result.ts';
import { complement } from '../../statistics/rate.ts';
import { distanceBars, furthestOf } from '../chart/distances.ts';
import { type RocPoint, rocCurve } from '../chart/roc-curve.ts';
import { bits, percentTick } from '../figures.ts';
import { figure } from '../layout.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { GROUPS, HASHES, listed, RUNGS } from '../names.ts';
import { outOf, rateAt, rateCell } from '../rates.ts';
import { figures, table, words } from '../table.ts';
import { profilesOfInterest } from './profiles-of-interest.ts';

/** Who passes likeness, which rung catches it, and what every threshold would do. */
export function adversaries(result: StudyResult): Markup {
  const { hash, thresholdBits } = result.recommendation.profile;
  return markup`
<p>Each adversary answered the jobs in its own way; one honest verifier, drawn for each job, compares. Likeness sees a picture, not the work
behind it: who delivers the right picture by less work passes, and must be caught by what the chain checks after the commitment.</p>
${whoPasses(result)}
${protocolTable(result)}
${figure({
  number: 5,
  caption: markup`ROC of each adversary, ${HASHES[hash]}: results caught against honest pairs torn apart (logarithmic; the left edge also stands for none), a point for each threshold, with ${percentTick(result.plan.confidence)} bounds as a band. The dot is the threshold of ${bits(thresholdBits)}; the dotted curve is a coin.`,
  charts: rocCurves(result, hash),
})}
${figure({
  number: 6,
  caption: markup`Distances of each adversary's results from those of all honest profiles, ${HASHES[hash]}. What lies left of the dotted rule passes.`,
  charts: resultBars(result, hash),
})}`;
}

function whoPasses(result: StudyResult): Markup {
  const looked = profilesOfInterest(result);
  return table({
    caption: 'Who passes likeness, and which rung catches it',
    columns: [
      words('adversary'),
      words('kind'),
      ...looked.map(({ name, hash, thresholdBits }) =>
        figures(markup`passes, ${HASHES[hash]}, ${bits(thresholdBits)}<small>${name}</small>`),
      ),
      words('decided by'),
      words('why'),
    ],
    rows: result.adversaries.map((one) => [
      markup`${one.name}<small>${one.title}</small>`,
      GROUPS[one.group],
      ...looked.map(({ hash, thresholdBits }) =>
        passing(complement(rateAt(one.hashes[hash].detection, thresholdBits))),
      ),
      listed(one.decidedBy.map((rung) => RUNGS[rung])),
      one.explanation,
    ]),
  });
}

/** The share that passes, in a word as well where it is most. */
function passing(passes: Rate): Markup {
  const mark = passes.rate >= 0.5 ? markup`<b class="passes">passes</b> ` : NOTHING;
  return markup`${mark}${rateCell(passes)}<span class="share"><span style="width:${passes.rate * 100}%"></span></span>`;
}

function protocolTable({ protocolAdversaries }: StudyResult): Markup {
  return table({
    caption: 'Adversaries of the protocol, who cheat beside the picture',
    columns: [
      words('adversary'),
      words('decided by'),
      figures('stopped'),
      figures('attempts'),
      words('what is counted'),
      words('why'),
    ],
    rows: protocolAdversaries.map((one) => [
      markup`${one.name}<small>${one.title}</small>`,
      RUNGS[one.decidedBy],
      rateCell(one.stopped),
      outOf(one.stopped),
      one.counts,
      one.explanation,
    ]),
  });
}

/** A chart for each adversary. */
export function rocCurves(
  { adversaries, honest, plan, recommendation }: StudyResult,
  hash: HashName,
) {
  return adversaries.map(({ name, hashes }) =>
    rocCurve({
      title: name,
      points: rocPoints(honest[hash].falseAlarm, hashes[hash].detection),
      threshold: recommendation.profile.thresholdBits,
      floor: 1 / Math.max(plan.jobs, 10),
    }),
  );
}

function rocPoints(falseAlarm: readonly Rate[], detection: readonly Rate[]): RocPoint[] {
  return detection.flatMap((caught, threshold) => {
    const alarm = rateAt(falseAlarm, threshold);
    if (caught.trials === 0 || alarm.trials === 0) return [];
    return [{ threshold, falseAlarm: alarm.rate, caught }];
  });
}

/** A chart for each adversary. */
export function resultBars(
  { adversaries, plan, recommendation }: StudyResult,
  hash: HashName,
): Markup[] {
  const furthest = furthestOf(adversaries.map((one) => one.hashes[hash].histogram));
  return adversaries.map(({ name, hashes }) =>
    distanceBars({
      title: name,
      look: 'foe',
      histogram: hashes[hash].histogram,
      threshold: recommendation.profile.thresholdBits,
      furthest,
      floor: 1 / Math.max(plan.jobs, 10),
    }),
  );
}
