import type {
  AdversaryResult,
  ByHash,
  CandidateResult,
  CollisionResult,
  MajorityResult,
  PairAgreement,
  Rate,
  RecommendationResult,
  SpotCheckResult,
  VerificationProfile,
} from '../result.ts';
import { HASH_NAMES } from '../result.ts';
import { rateOf } from '../statistics/rate.ts';
import { worstPair } from './agreement.ts';
import { MAX_THRESHOLD } from './pictures.ts';

/** An honest machine may be told unlike another one as often as this, at the worst pair's bound. */
const MOST_FALSE_ALARMS = 0.05;

const RULE =
  'Of the hashes and thresholds whose worst pair of honest profiles disagrees in at most 5% of jobs (upper bound), the one with the largest difference of the two pessimistic bounds: least share of other pictures caught, less worst false alarms; of equals the smaller threshold. Step tolerances are twice the largest honest distance at each step over every second replayed job, and were tested on the others.';

export interface RecommendationInput {
  /** What the manifest says today; its committee sizes stay. */
  readonly today: VerificationProfile;
  readonly agreement: readonly PairAgreement[];
  readonly adversaries: readonly AdversaryResult[];
  readonly collisions: ByHash<CollisionResult>;
  readonly majorities: readonly MajorityResult[];
  readonly spotCheck: SpotCheckResult;
}

/** The verification profile that the measurements speak for, and what it costs honest nodes. */
export function recommend(input: RecommendationInput): RecommendationResult {
  const { today, majorities, spotCheck } = input;
  const candidates = HASH_NAMES.flatMap((hash) =>
    Array.from({ length: MAX_THRESHOLD + 1 }, (_, thresholdBits) =>
      candidateOf(input, hash, thresholdBits),
    ),
  ).sort(byPreference);
  const { hash, thresholdBits } = candidates[0] as CandidateResult;
  const { toleranceByStep, tolerance } = spotCheck;
  return {
    profile: { hash, thresholdBits, committeeSizes: today.committeeSizes },
    stepTolerance: tolerance,
    stepToleranceMillionths: millionths(tolerance),
    stepTolerancesMillionths: toleranceByStep.map(millionths),
    rule: RULE,
    candidates,
    falseSlash: { byVote: 0, byStep: spotCheck.falseAlarmJobs },
    falseUnpaid: majorities
      .filter((one) => one.hash === hash && one.thresholdBits === thresholdBits)
      .map(({ size, counted, sampled }) => ({
        size,
        rate: counted.unpaidRate,
        committees: sampled.someUnpaid,
      })),
  };
}

function candidateOf(
  { agreement, adversaries, collisions }: RecommendationInput,
  hash: CandidateResult['hash'],
  thresholdBits: number,
): CandidateResult {
  const worstFalseAlarm = worstPair(agreement, hash, thresholdBits).disagree;
  const caught = adversaries
    .filter(({ group }) => group === 'other-picture')
    .map(({ name, hashes }) => ({
      adversary: name,
      detection: hashes[hash].detection[thresholdBits] as Rate,
    }))
    .filter(({ detection }) => detection.trials > 0);
  return {
    hash,
    thresholdBits,
    worstFalseAlarm,
    leastDetected: caught.reduce(
      (least, one) => (one.detection.low < least.detection.low ? one : least),
      caught[0] ?? { adversary: '', detection: rateOf(0, 0) },
    ),
    sameClassCollision: collisions[hash].sameClass.disjoint[thresholdBits] as Rate,
    eligible: worstFalseAlarm.high <= MOST_FALSE_ALARMS,
  };
}

function byPreference(a: CandidateResult, b: CandidateResult): number {
  if (a.eligible !== b.eligible) return a.eligible ? -1 : 1;
  return youden(b) - youden(a) || a.thresholdBits - b.thresholdBits;
}

/** Youden's index at the pessimistic bounds. */
function youden({ worstFalseAlarm, leastDetected }: CandidateResult): number {
  return leastDetected.detection.low - worstFalseAlarm.high;
}

/** Rounded up: never tighter than what was measured. */
function millionths(tolerance: number): number {
  return Math.ceil(tolerance * 1e6);
}
