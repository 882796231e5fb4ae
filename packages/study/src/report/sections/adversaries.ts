import { HASH_NAMES, type HashName, type Rate, type StudyResult } from '../../result.ts';
import { distanceBars, furthestOf } from '../chart/distances.ts';
import { type RocPoint, rocCurve } from '../chart/roc-curve.ts';
import { decimal, percent, percentTick } from '../figures.ts';
import { histogramTable } from '../histogram-table.ts';
import { figure, folded, moreCharts } from '../layout.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { bits, GROUPS, HASHES, listed, RUNGS } from '../names.ts';
import { counted, others, rateAt, rateCell } from '../rates.ts';
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
${HASH_NAMES.filter((name) => name !== hash).map((name) =>
  moreCharts(`ROC of each adversary: ${HASHES[name]}`, rocCurves(result, name)),
)}
${figure({
  number: 6,
  caption: markup`Distances of each adversary's results from those of all honest profiles, ${HASHES[hash]}. What lies left of the dashed rule passes.`,
  charts: resultBars(result, hash),
})}
${HASH_NAMES.filter((name) => name !== hash).map((name) =>
  moreCharts(`Distances of adversaries: ${HASHES[name]}`, resultBars(result, name)),
)}
${folded('Numbers: adversaries', [
  workTable(result),
  aucTable(result),
  committeeTable(result),
  ...HASH_NAMES.map((name) => thresholdTable(result, name)),
  ...HASH_NAMES.map((name) =>
    histogramTable(
      `Results of adversaries by distance in bits, ${HASHES[name]}`,
      result.adversaries.map((one) => [one.name, one.hashes[name].histogram]),
    ),
  ),
])}`;
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
        passing(others(rateAt(one.hashes[hash].detection, thresholdBits))),
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
      counted(one.stopped),
      one.counts,
      one.explanation,
    ]),
  });
}

function rocCurves({ adversaries, honest, plan, recommendation }: StudyResult, hash: HashName) {
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

function resultBars({ adversaries, plan, recommendation }: StudyResult, hash: HashName): Markup[] {
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

function workTable({ adversaries }: StudyResult): Markup {
  return table({
    caption: 'Work and results of each adversary',
    columns: [
      words('adversary'),
      figures('ms a result, median'),
      figures('cost, share of an honest run'),
      figures('jobs with a result'),
      figures('jobs'),
      figures('files equal to the reference'),
      figures("passes the model's profile of today"),
    ],
    rows: adversaries.map((one) => [
      one.name,
      one.msPerPicture.count === 0 ? '–' : decimal(one.msPerPicture.median),
      percent(one.cost),
      rateCell(one.results),
      counted(one.results),
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
