import type { FindingsResult, Rate, StudyResult } from '../result.ts';
import { complement } from '../statistics/rate.ts';
import { percent } from './adversaries.ts';

/** The paper's reference point. */
const REFERENCE = { hash: 'average', thresholdBits: 2 } as const;

/** What the numbers say, in sentences that hold the numbers. */
export function findingsOf(result: Omit<StudyResult, 'findings'>): FindingsResult {
  const passAverageHash = result.adversaries
    .map(({ name, hashes, decidedBy }) => ({
      adversary: name,
      passes: complement(hashes[REFERENCE.hash].detection[REFERENCE.thresholdBits] as Rate),
      decidedBy,
    }))
    .filter(({ passes }) => passes.count > 0)
    .sort((a, b) => b.passes.rate - a.passes.rate);
  return {
    passAverageHash,
    statements: [
      likenessFails(result, passAverageHash),
      likenessHolds(result),
      ...passAverageHash.map(
        ({ adversary, passes }) =>
          `${adversary} passes ${rateText(passes)}. ${rungText(result, adversary)}`,
      ),
      honestText(result),
      collisionText(result),
      majorityText(result),
      stepText(result),
      quantisedText(result),
      recommendationText(result),
    ].filter((text) => text !== ''),
  };
}

type Measured = Omit<StudyResult, 'findings'>;

function likenessFails(
  { adversaries }: Measured,
  passing: FindingsResult['passAverageHash'],
): string {
  const often = passing.filter(({ passes }) => passes.rate >= 0.5);
  return `At average hash, threshold 2, ${passing.length} of ${adversaries.length} adversaries pass at least once, and ${often.length} pass in more than half of their attempts${often.length > 0 ? `: ${often.map(({ adversary }) => adversary).join(', ')}` : ''}. Likeness alone does not stop them.`;
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

/** Which rung catches it, with the measured numbers where there are any. */
function rungText({ adversaries, spotCheck }: Measured, name: string): string {
  const adversary = adversaries.find((one) => one.name === name);
  const steps = spotCheck.adversaries.find((one) => one.name === name && one.jobs > 0);
  const pixels = spotCheck.pixels.adversaries.find(
    (one) => one.name === name && one.caught.trials > 0,
  );
  if (steps && steps.wrongNoise.count > 0) {
    return `Rung 2 catches it: latent 0 was not the seed's noise in ${steps.wrongNoise.count} of ${steps.wrongNoise.trials} jobs.`;
  }
  if (steps) {
    const [one, , three] = steps.detection;
    return `Rung 2: ${percent(steps.badShare)} of its steps are outside the tolerance; one drawn step catches it with chance ${percent(one?.probability ?? 0)}, three with ${percent(three?.probability ?? 0)}.`;
  }
  if (pixels) {
    return `Rung 2 catches it: the last latent did not decode to its pixels in ${pixels.caught.count} of ${pixels.caught.trials} jobs.`;
  }
  if (adversary?.decidedBy.includes('commit')) {
    return 'Rung 0 decides: likeness cannot tell a copy, and there is nothing to copy before all have committed.';
  }
  return adversary?.decidedBy.includes('spot-check')
    ? 'Rung 2 decides: its trajectory does not replay (not measured for this one).'
    : '';
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

function quantisedText({ spotCheck }: Measured): string {
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
