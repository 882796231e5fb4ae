import type { AdversaryResult, MajorityResult, StudyResult } from '../../result.ts';
import { complement } from '../../statistics/rate.ts';
import { bits, count, percent } from '../figures.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { HASHES, listed } from '../names.ts';
import { rateAt, withBounds } from '../rates.ts';

/** The headline numbers in sentences, and the findings that the study itself states. */
export function abstract(result: StudyResult): Markup {
  const { findings } = result;
  return markup`<p class="abstract">${opening(result)} ${agreement(result)} ${majorities(result)} ${collisions(result)} ${passing(result)} ${slashing(result)}</p>
${findings.statements.length === 0 ? NOTHING : markup`<h3>Findings</h3><ol>${findings.statements.map((one) => markup`<li>${one}</li>`)}</ol>`}`;
}

function opening({ model, plan, run, adversaries, protocolAdversaries }: StudyResult): string {
  return `Honest machines give different bytes for one job, so a network that does not trust them must compare pictures by likeness. We made ${count(run.pictures)} pictures with ${model.title}: ${count(plan.jobs)} jobs, each on ${count(plan.profiles.length)} honest runtime profiles and by ${count(adversaries.length)} adversaries of the picture, beside ${count(protocolAdversaries.length)} of the protocol.`;
}

function agreement({ honest, recommendation }: StudyResult): string {
  const { hash, thresholdBits } = recommendation.profile;
  const alarm = rateAt(honest[hash].falseAlarm, thresholdBits);
  if (alarm.trials === 0) return '';
  return `By the ${HASHES[hash]} within ${bits(thresholdBits)}, two honest machines agree on ${withBounds(complement(alarm))} of jobs.`;
}

function majorities(result: StudyResult): string {
  const { hash, thresholdBits } = result.recommendation.profile;
  const found = result.majorities.filter(
    (one) => one.hash === hash && one.thresholdBits === thresholdBits && one.counted.committees > 0,
  );
  if (found.length === 0) return '';
  return `A strict majority was found by ${listed(found.map(oneMajority))}.`;
}

function oneMajority({ size, counted, predicted }: MajorityResult): string {
  return `${percent(counted.majorityRate)} of committees of ${size} (the binomial formula says ${percent(predicted.independent.value)}, with the measured correlation ${percent(predicted.correlated.value)})`;
}

function collisions({ collisions, recommendation }: StudyResult): string {
  const { hash, thresholdBits } = recommendation.profile;
  const { disjoint } = collisions[hash].sameClass;
  const rate = rateAt(disjoint, thresholdBits);
  if (rate.trials === 0) return '';
  return `Pictures of different jobs of one class pass for alike in ${withBounds(rate)} of pairs.`;
}

function passing(result: StudyResult): string {
  const { hash, thresholdBits } = result.recommendation.profile;
  const all = result.adversaries.map((one) => ({
    ...one,
    share: complement(rateAt(one.hashes[hash].detection, thresholdBits)).rate,
  }));
  const most = all.filter((one) => one.share >= HALF);
  if (all.length === 0) return '';
  if (most.length === 0) return 'No adversary passes likeness in half of its jobs or more.';
  const passed = listed(most.map((one) => `${one.name} (${percent(one.share)})`));
  return `Likeness alone fails against ${count(most.length)} of ${count(all.length)} adversaries, who pass in half of their jobs or more: ${passed}. ${caught(result, most)}`;
}

const HALF = 0.5;

/** Which rung catches those that pass likeness. */
function caught({ spotCheck }: StudyResult, passers: readonly AdversaryResult[]): string {
  const steps = spotCheck.adversaries.filter(
    (one) => one.caughtJobs.rate >= HALF || one.wrongNoise.rate >= HALF,
  );
  const pixels = spotCheck.pixels.adversaries.filter((one) => one.caught.rate >= HALF);
  const among = (caughtOnes: readonly { readonly name: string }[]) =>
    passers.filter(({ name }) => caughtOnes.some((one) => one.name === name));
  const byStep = among(steps);
  const byPixels = among(pixels).filter((one) => !byStep.includes(one));
  const left = passers.filter((one) => !byStep.includes(one) && !byPixels.includes(one));
  const clauses = [
    byStep.length > 0 ? `the spot check of seed noise and steps catches ${names(byStep)}` : '',
    byPixels.length > 0 ? `decoding the last latent catches ${names(byPixels)}` : '',
    left.length > 0 ? `no check of latents catches ${names(left)}` : '',
  ];
  return `Of these, ${clauses.filter((clause) => clause !== '').join('; ')}.`;
}

function names(ones: readonly { readonly name: string }[]): string {
  return listed(ones.map((one) => one.name));
}

function slashing({ recommendation }: StudyResult): string {
  const { high, trials } = recommendation.falseSlash.byStep;
  if (trials === 0) return 'A vote slashes nobody.';
  return `A vote slashes nobody; a replayed step slashes an honest node in at most ${percent(high)} of challenged runs.`;
}
