import type { MajorityResult, StudyResult } from '../../result.ts';
import { count, percent } from '../figures.ts';
import { type Markup, markup, NOTHING } from '../markup.ts';
import { bits, HASHES, listed } from '../names.ts';
import { others, rateAt, withBounds } from '../rates.ts';

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
  return `By the ${HASHES[hash]} within ${bits(thresholdBits)}, two honest machines agree on ${withBounds(others(alarm))} of jobs.`;
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

function passing({ adversaries, recommendation }: StudyResult): string {
  const { hash, thresholdBits } = recommendation.profile;
  const rates = adversaries.map((one) => ({
    name: one.name,
    passes: others(rateAt(one.hashes[hash].detection, thresholdBits)),
  }));
  const most = rates.filter((one) => one.passes.rate >= 0.5);
  if (adversaries.length === 0) return '';
  if (most.length === 0) return 'No adversary passes likeness in half of its jobs or more.';
  return `Likeness alone fails against ${count(most.length)} of ${count(adversaries.length)} adversaries, who pass in half of their jobs or more: ${listed(most.map((one) => `${one.name} (${percent(one.passes.rate)})`))}.`;
}

function slashing({ recommendation, spotCheck }: StudyResult): string {
  const { high, trials } = recommendation.falseSlash.byStep;
  if (trials === 0) return 'A vote slashes nobody.';
  const caught = spotCheck.adversaries.filter((one) => one.caughtJobs.rate >= 0.5);
  const replays =
    caught.length === 0
      ? ''
      : ` Replaying committed steps tells ${listed(caught.map((one) => one.name))} in half of their jobs or more.`;
  return `A vote slashes nobody;${replays.replace(/^ R/, ' r').replace(/\.$/, ';')} an honest node is slashed for a step in at most ${percent(high)} of challenged runs.`;
}
