import { majority } from '@semblance/verification/likeness';
import type { Adversary } from '../adversaries/adversary.ts';
import type {
  AdversaryCommitteeResult,
  AdversaryHashResult,
  AdversaryResult,
  ByHash,
  HashName,
  HonestResult,
  Rate,
  VerificationProfile,
} from '../result.ts';
import { complement, rateOf, shareOf } from '../statistics/rate.ts';
import { spreadOf } from '../statistics/spread.ts';
import { equalFiles, furtherThan } from './agreement.ts';
import { drawOne, drawSome } from './draw.ts';
import {
  addHistograms,
  BIT_BINS,
  byHash,
  distancesBetween,
  histogramOf,
  isDefined,
  meanOf,
  type Pictures,
} from './pictures.ts';

/** What likeness sees of one adversary's pictures. */
export interface Seen {
  readonly pictures: Pictures;
  readonly profiles: readonly Pictures[];
  readonly honest: ByHash<HonestResult>;
  readonly profile: VerificationProfile;
}

/** One adversary against the honest profiles, the first of which is the reference. */
export function measureAdversary(adversary: Adversary, seen: Seen): AdversaryResult {
  const { pictures, profiles, profile } = seen;
  const [reference] = profiles as [Pictures, ...Pictures[]];
  const hashes = byHash((hash) => againstHonest(hash, seen));
  const detection = hashes[profile.hash].detection[profile.thresholdBits] as Rate;
  const passes = complement(detection);
  const caughtByAll = passes.count === 0 && adversary.decidedBy.includes('likeness');
  return {
    name: adversary.name,
    title: adversary.title,
    group: adversary.group,
    msPerPicture: spreadOf(pictures.ms),
    cost: costOf(adversary, pictures, reference),
    results: shareOf(pictures.files, isDefined),
    equalFiles: equalFiles(pictures, reference),
    hashes,
    committees: committeesOf(seen),
    passes,
    decidedBy: caughtByAll ? ['likeness'] : adversary.decidedBy,
    explanation: caughtByAll
      ? `Likeness (${profile.hash} hash, ${profile.thresholdBits} bits) caught all ${passes.trials}: at most ${percent(passes.high)} pass.`
      : `Likeness (${profile.hash} hash, ${profile.thresholdBits} bits) lets ${percent(passes.rate)} pass (${passes.count} of ${passes.trials}; ${percent(passes.low)} to ${percent(passes.high)}). ${adversary.because}`,
  };
}

function againstHonest(hash: HashName, { pictures, profiles, honest }: Seen): AdversaryHashResult {
  const byProfile = profiles.map((profile) => distancesBetween(pictures, profile, hash));
  const histogram = addHistograms(byProfile.map((distances) => histogramOf(distances, BIT_BINS)));
  const drawn = pictures.files
    .map((_, job) => drawOne(byProfile, job, `verifier ${hash}`)[job])
    .filter(isDefined);
  return {
    histogram,
    detection: furtherThan(drawn),
    auc: areaUnderCurve(honest[hash].histogram, histogram),
  };
}

/** The chance that a forged distance is larger than an honest one; ties count half. */
export function areaUnderCurve(honest: readonly number[], forged: readonly number[]): number {
  const [honestAll, forgedAll] = [honest, forged].map((h) => h.reduce((sum, n) => sum + n, 0));
  if (!honestAll || !forgedAll) return 0.5;
  let [below, area] = [0, 0];
  forged.forEach((count, distance) => {
    const equal = honest[distance] ?? 0;
    area += count * (below + equal / 2);
    below += equal;
  });
  return area / (honestAll * forgedAll);
}

/** Of an honest run; who alters an honest picture has paid for that too. */
function costOf({ group }: Adversary, pictures: Pictures, reference: Pictures): number {
  const honest = meanOf(reference.ms);
  if (honest === 0) return 0;
  const own = meanOf(pictures.ms) / honest;
  return group === 'altered-picture' ? 1 + own : own;
}

const COMMITTEES = [
  { size: 3, adversaries: 1 },
  { size: 3, adversaries: 2 },
  { size: 5, adversaries: 1 },
  { size: 5, adversaries: 2 },
  { size: 5, adversaries: 3 },
] as const;

/** One committee a job: the adversary's one result as often as it is there, and honest members. */
function committeesOf({ pictures, profiles, profile }: Seen): AdversaryCommitteeResult[] {
  const { hash, thresholdBits } = profile;
  return COMMITTEES.map(({ size, adversaries }) => {
    const honestMembers = size - adversaries;
    const votes =
      profiles.length < honestMembers
        ? []
        : pictures.hashes[hash].flatMap((forged, job) => {
            if (forged === undefined) return [];
            const members = drawSome(
              profiles,
              honestMembers,
              job,
              `beside ${adversaries} of ${size}`,
            );
            const honest = members.map(({ hashes }) => hashes[hash][job]);
            const results = [...new Array<Uint8Array>(adversaries).fill(forged), ...honest];
            return [majority(results, thresholdBits) ?? []];
          });
    return {
      size,
      adversaries,
      paid: shareOf(votes, (paid) => paid.some((member) => member < adversaries)),
      noMajority: shareOf(votes, (paid) => paid.length === 0),
      honestUnpaid: rateOf(
        votes.filter(
          (paid) =>
            paid.length > 0 &&
            paid.filter((member) => member >= adversaries).length < honestMembers,
        ).length,
        votes.length,
      ),
    };
  });
}

export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0 || value === 100) return `${value}%`;
  return `${Number(value.toPrecision(value > 99 ? 4 : 3))}%`;
}
