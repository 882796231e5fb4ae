import { ADVERSARIES } from '../adversaries/all.ts';
import type {
  AdversaryResult,
  FindingsResult,
  PassingAdversary,
  Rate,
  StepAdversaryResult,
  StudyResult,
} from '../result.ts';
import { complement } from '../statistics/rate.ts';
import { percent } from './adversaries.ts';

/** The paper's reference point. */
const REFERENCE = { hash: 'average', thresholdBits: 2 } as const;

/** What the numbers say, in sentences that hold the numbers. */
export function findingsOf(result: Measured): FindingsResult {
  const passAverageHash = passing(result);
  return {
    passAverageHash,
    statements: [
      likenessFails(result, passAverageHash),
      likenessHolds(result),
      honestText(result),
      collisionText(result),
      majorityText(result),
      stepText(result),
      missedText(result),
      recommendationText(result),
    ].filter((text) => text !== ''),
  };
}

type Measured = Omit<StudyResult, 'findings'>;

/** Who passes at the paper's reference point, and what becomes of them. */
function passing(result: Measured): PassingAdversary[] {
  return result.adversaries
    .map((adversary) => ({
      adversary: adversary.name,
      title: adversary.title,
      passes: complement(
        adversary.hashes[REFERENCE.hash].detection[REFERENCE.thresholdBits] as Rate,
      ),
      ...catchOf(result, adversary),
    }))
    .filter(({ passes }) => passes.count > 0)
    .sort((a, b) => b.passes.rate - a.passes.rate);
}

function likenessFails({ adversaries }: Measured, passers: readonly PassingAdversary[]): string {
  const often = passers.filter(({ passes }) => passes.rate >= 0.5).map((one) => one.adversary);
  const most =
    often.length === 0
      ? ''
      : `, ${often.length} in half of their jobs or more: ${often.join(', ')}`;
  const never = adversaries.length - passers.length;
  return `Likeness alone fails at average hash, threshold 2: ${passers.length} of ${adversaries.length} adversaries pass in some job${most}. It stops ${never} in every job that was tried.`;
}

function likenessHolds({ adversaries }: Measured): string {
  const others = adversaries.filter(({ group }) => group === 'other-picture');
  const worst = others
    .map(({ name, hashes }) => ({
      name,
      passes: complement(hashes.average.detection[REFERENCE.thresholdBits] as Rate),
    }))
    .filter(({ passes }) => passes.trials > 0)
    .sort((a, b) => b.passes.rate - a.passes.rate)[0];
  if (worst === undefined) return '';
  return `Of those who hand in a picture that is not of the job, the one who passes most is ${worst.name}: ${rateText(worst.passes)}.`;
}

/** Which rung catches an adversary that likeness lets pass, with the measured numbers. */
function catchOf(
  { spotCheck }: Measured,
  { name, group, decidedBy }: AdversaryResult,
): Pick<PassingAdversary, 'caughtBy' | 'evidence'> {
  const steps = spotCheck.adversaries.find((one) => one.name === name && one.jobs > 0);
  if (steps) return { caughtBy: 'spot-check', evidence: stepEvidence(steps) };
  const pixels = spotCheck.pixels.adversaries.find((one) => one.name === name);
  if (pixels && pixels.caught.trials > 0) {
    const { count, trials } = pixels.caught;
    const evidence = `The last latent does not decode to its pixels: caught in ${count} of ${trials} jobs.`;
    return { caughtBy: 'spot-check', evidence };
  }
  const because = ADVERSARIES.find((one) => one.name === name)?.because ?? '';
  const caughtBy = decidedBy.find((rung) => rung !== 'likeness') ?? 'likeness';
  return { caughtBy, evidence: group === 'copy' ? because : `${because} Not replayed here.` };
}

function stepEvidence({
  wrongNoise,
  badShare,
  detection,
  caughtJobs,
}: StepAdversaryResult): string {
  if (wrongNoise.count > 0) {
    return `Latent 0 is not the noise of the seed: caught in ${wrongNoise.count} of ${wrongNoise.trials} jobs, without a replay.`;
  }
  const chances = detection
    .filter(({ checks }) => [1, 3].includes(checks))
    .map(({ checks, probability }) => `${percent(probability)} by ${checks}`);
  return `${percent(badShare)} of its steps do not replay within the tolerance: caught with chance ${chances.join(', ')} drawn steps, in ${caughtJobs.count} of ${caughtJobs.trials} jobs by all of them.`;
}

function honestText({ honest, profiles }: Measured): string {
  const { worstPair, falseAlarm } = honest.average;
  return `Honest pairs of ${profiles.length} profiles disagree at average hash, threshold 2, in ${rateText(falseAlarm[REFERENCE.thresholdBits] as Rate)}; the worst pair, ${worstPair.a} and ${worstPair.b}, in ${rateText(worstPair.disagree)}.`;
}

function collisionText({ collisions }: Measured): string {
  const { sameClass, crossClass } = collisions.average;
  const at = REFERENCE.thresholdBits;
  return `Pictures of one prompt and two seeds are alike at average hash, threshold 2, in ${percent(sameClass.within[at] as number)} of ${sameClass.pairs} pairs (independent pairs: ${rateText(sameClass.disjoint[at] as Rate)}); of two prompts in ${percent(crossClass.within[at] as number)} of ${crossClass.pairs}.`;
}

function majorityText({ majorities }: Measured): string {
  const at = (size: number) =>
    majorities.find(
      (one) =>
        one.hash === REFERENCE.hash &&
        one.thresholdBits === REFERENCE.thresholdBits &&
        one.size === size,
    );
  return [3, 5]
    .map(at)
    .filter((one) => one !== undefined && one.counted.committees > 0)
    .map(
      (one) =>
        `Committees of ${one?.size} honest members have a majority in ${percent(one?.counted.majorityRate ?? 0)} of ${one?.counted.committees} votes; the binomial formula predicts ${percent(one?.predicted.independent.value ?? 0)} from the single rate ${percent(one?.predicted.single.rate ?? 0)}, with the measured correlation ${one?.predicted.correlation.toFixed(2)} ${percent(one?.predicted.correlated.value ?? 0)}, with one profile for all ${percent(one?.predicted.identical.value ?? 0)}.`,
    )
    .join(' ');
}

function stepText({ spotCheck }: Measured): string {
  const { honestMax, falseAlarmSteps, adversaryMargin, honestMargin } = spotCheck;
  return `A step replayed on another profile differs by at most ${honestMax.toPrecision(2)} (relative L2). Tolerances by step keep a factor of ${honestMargin.toPrecision(2)} from the largest honest distance; outside of them were ${falseAlarmSteps.count} of ${falseAlarmSteps.trials} honest steps that had no part in setting them. The forged step nearest to passing was ${adversaryMargin.adversary}'s, at ${adversaryMargin.margin.toPrecision(2)} of its tolerance.`;
}

function missedText({ spotCheck }: Measured): string {
  const missed = spotCheck.adversaries.filter(
    ({ jobs, caughtSteps, wrongNoise }) =>
      jobs > 0 && wrongNoise.count === 0 && caughtSteps.count < caughtSteps.trials,
  );
  return missed
    .map(
      ({ name, caughtSteps, caughtJobs }) =>
        `Of ${name}'s forged steps ${caughtSteps.trials - caughtSteps.count} of ${caughtSteps.trials} are within the tolerance; at least one step gives it away in ${caughtJobs.count} of ${caughtJobs.trials} jobs.`,
    )
    .join(' ');
}

function recommendationText({ recommendation }: Measured): string {
  const { profile, falseSlash, falseUnpaid } = recommendation;
  const unpaid = falseUnpaid
    .filter(({ committees }) => committees.trials > 0)
    .map(
      ({ size, rate, committees }) =>
        `${percent(rate)} of members in committees of ${size} (some member in at most ${percent(committees.high)} of committees)`,
    )
    .join(', ');
  return `Recommended: ${profile.hash} hash, threshold ${profile.thresholdBits}. An honest member goes unpaid in ${unpaid || 'no committee that was measured'}. A vote slashes nobody; by a step check, an honest run is outside the tolerance in ${rateText(falseSlash.byStep)} of jobs.`;
}

function rateText({ rate, count, trials, low, high }: Rate): string {
  return `${percent(rate)} (${count} of ${trials}; 95% bounds ${percent(low)} to ${percent(high)})`;
}
