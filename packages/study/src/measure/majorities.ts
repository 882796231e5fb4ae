import { majority } from '@semblance/verification/likeness';
import { HASH_NAMES, type HashName, type MajorityResult } from '../result.ts';
import { intraClassCorrelation, majorityBounds } from '../statistics/committee.ts';
import { rateOf, shareOf } from '../statistics/rate.ts';
import { drawOne, subsetsOf } from './draw.ts';
import { distancesBetween, MAX_THRESHOLD, type Pictures } from './pictures.ts';

const SIZES = [3, 5] as const;

/** Committees of different honest profiles, by hash, size and threshold from 0 to 10. */
export function measureMajorities(profiles: readonly Pictures[]): MajorityResult[] {
  return HASH_NAMES.flatMap((hash) =>
    SIZES.flatMap((size) =>
      Array.from({ length: MAX_THRESHOLD + 1 }, (_, thresholdBits) =>
        measureMajority(profiles, { hash, thresholdBits, size }),
      ),
    ),
  );
}

/** One hash, threshold and size. The first profile is the one that the formula compares with. */
export function measureMajority(
  profiles: readonly Pictures[],
  { hash, thresholdBits, size }: Pick<MajorityResult, 'hash' | 'thresholdBits' | 'size'>,
): MajorityResult {
  const committees = subsetsOf(profiles, size);
  const vote = voteAt(thresholdBits);
  const jobs = (profiles[0]?.files ?? []).map((_, job) => job);
  const outcomes = jobs.map((job) =>
    committees.map((members) => vote(members.map(({ hashes }) => hashes[hash][job]))),
  );
  const all = outcomes.flat();
  const withMajority = all.filter((paid) => paid > 0);
  const unpaidMembers = withMajority.reduce((sum, paid) => sum + size - paid, 0);
  const unpaid = all.reduce((sum, paid) => sum + size - paid, 0);
  const sampled =
    committees.length === 0 ? [] : outcomes.map((votes, job) => drawOne(votes, job, `of ${size}`));
  return {
    hash,
    thresholdBits,
    size,
    counted: {
      committees: all.length,
      majority: withMajority.length,
      unpaidMembers,
      majorityRate: all.length === 0 ? 0 : withMajority.length / all.length,
      unpaidRate: all.length === 0 ? 0 : unpaid / (all.length * size),
    },
    sampled: {
      majority: shareOf(sampled, (paid) => paid > 0),
      someUnpaid: shareOf(sampled, (paid) => paid < size),
    },
    predicted: predict(profiles, hash, thresholdBits, size),
  };
}

/**
 * The vote at one threshold: how many members are in the majority. It depends on the distances
 * between members alone, and few patterns of them occur, so each is voted on once.
 */
function voteAt(thresholdBits: number): (hashes: readonly (Uint8Array | undefined)[]) => number {
  const known = new Map<string, number>();
  return (hashes) => {
    const key = patternOf(hashes);
    const voted = known.get(key) ?? majority(hashes, thresholdBits)?.length ?? 0;
    known.set(key, voted);
    return voted;
  };
}

/** All that distances depend on: where each hash differs from the first one. */
function patternOf([first, ...others]: readonly (Uint8Array | undefined)[]): string {
  return others
    .map((hash) => hash?.map((byte, i) => byte ^ (first?.[i] ?? 0)).join('.') ?? '-')
    .concat(first === undefined ? '-' : '')
    .join(' ');
}

function predict(
  [reference, ...others]: readonly Pictures[],
  hash: HashName,
  thresholdBits: number,
  size: number,
): MajorityResult['predicted'] {
  const agrees = others.map((other) =>
    distancesBetween(reference as Pictures, other, hash).map(
      (distance) => distance !== undefined && distance <= thresholdBits,
    ),
  );
  const jobs = (agrees[0] ?? []).map((_, job) => job);
  const single = shareOf(jobs, (job) => drawOne(agrees, job, `single ${hash}`)[job] === true);
  const rates = others.map((other, i) => ({
    profile: other.source,
    rate: shareOf(agrees[i] ?? [], (agreed) => agreed),
  }));
  const worstSingle = rates.reduce(
    (worst, one) => (one.rate.rate < worst.rate.rate ? one : worst),
    rates[0] ?? { profile: '', rate: rateOf(0, 0) },
  );
  const clusters = jobs.map((job) => agrees.filter((of) => of[job]).length);
  const correlation = others.length < 2 ? 0 : intraClassCorrelation(clusters, others.length);
  return {
    single,
    worstSingle,
    independent: majorityBounds(size, single, 0),
    worstIndependent: majorityBounds(size, worstSingle.rate, 0),
    correlation,
    correlated: majorityBounds(size, single, correlation),
    identical: majorityBounds(size, single, 1),
  };
}
