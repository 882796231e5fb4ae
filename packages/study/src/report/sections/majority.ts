import type { MajorityResult, StudyResult } from '../../result.ts';
import { type IntervalRow, intervals } from '../chart/intervals.ts';
import type { Look } from '../chart/marks.ts';
import { bits, count, decimal, percent, percentTick } from '../figures.ts';
import { figure } from '../layout.ts';
import { type Markup, markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { profilesOfInterest } from './profiles-of-interest.ts';

/** What a strict majority of honest members is worth, counted and by the binomial formula. */
export function majority(result: StudyResult): Markup {
  const shown = profilesOfInterest(result).flatMap(({ hash, thresholdBits }) =>
    result.majorities.filter((one) => one.hash === hash && one.thresholdBits === thresholdBits),
  );
  return markup`
<p>The paper multiplies up: if one run agrees with probability <i>p</i> and runs err independently, a majority of <i>n</i> agrees with
probability Σ<sub>k&gt;n/2</sub> C(n,k) p<sup>k</sup> (1−p)<sup>n−k</sup>. Runs of one job are not independent: a job on which one machine
differs is a job on which others do. Committees are therefore also counted one by one, with the vote that the chain uses, and the
formula is given its measured correlation.</p>
${figure({
  number: 4,
  caption: markup`Honest committees that fail to agree; the left edge of each plot also stands for none at all. Blue was counted, with ${percentTick(result.plan.confidence)} bounds; the others were computed from the rate of one run.`,
  charts: shown.map((one) => failures(one, result.plan.jobs)),
})}`;
}

function failures(one: MajorityResult, jobs: number): Markup {
  const { hash, thresholdBits, size, counted, sampled, predicted } = one;
  const { single, worstSingle, independent, worstIndependent, correlated, identical } = predicted;
  return intervals({
    title: `${HASHES[hash]}, ${bits(thresholdBits)}, committees of ${size}`,
    description: `Counted: ${percent(counted.majorityRate)} of ${count(counted.committees)} committees have a majority. Formula: ${percent(independent.value)}; with correlation ${decimal(predicted.correlation)}: ${percent(correlated.value)}.`,
    label: 'without agreement',
    rows: [
      missing('one run', 'honest', single),
      missing('one run, worst profile', 'honest', worstSingle.rate),
      { name: 'all committees', look: 'honest', value: 1 - counted.majorityRate },
      missing('one committee a job', 'honest', sampled.majority),
      missing('formula, independent', 'foe', rated(independent)),
      missing('formula, worst profile', 'foe', rated(worstIndependent)),
      missing('formula, correlated', 'third', rated(correlated)),
      missing('formula, one machine', 'third', rated(identical)),
    ],
    domain: [0.1 / Math.max(jobs, 10), 1],
    format: percentTick,
  });
}

interface Estimate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** The share that is missing to 1. */
function missing(name: string, look: Look, { rate, low, high }: Estimate): IntervalRow {
  return { name, look, value: 1 - rate, bounds: [1 - high, 1 - low] };
}

function rated({ value, low, high }: { value: number; low: number; high: number }): Estimate {
  return { rate: value, low, high };
}
