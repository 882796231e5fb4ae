import { hexDigitDistance } from '@semblance/perceptual-hash/hamming';
import type { ByHash, HashName, HonestResult, PairAgreement } from '../result.ts';
import { complement, rateOf } from '../statistics/rate.ts';
import { drawOne, pairsOf } from './draw.ts';
import {
  addHistograms,
  BIT_BINS,
  byHash,
  cumulative,
  DIGIT_BINS,
  distancesBetween,
  histogramOf,
  isDefined,
  MAX_THRESHOLD,
  meanOf,
  type Pictures,
} from './pictures.ts';

/** How often two honest profiles agree, by hash and threshold, for each pair of them. */
export function measureAgreement(profiles: readonly Pictures[]): PairAgreement[] {
  return pairsOf(profiles).map(([a, b]) => ({
    a: a.source,
    b: b.source,
    equalFiles: equalFiles(a, b),
    hashes: byHash((hash) => {
      const bits = distancesBetween(a, b, hash).filter(isDefined);
      const digits = distancesBetween(a, b, hash, hexDigitDistance).filter(isDefined);
      const histogram = histogramOf(bits, BIT_BINS);
      return {
        bits: histogram,
        hexDigits: histogramOf(digits, DIGIT_BINS),
        meanBits: meanOf(bits),
        meanHexDigits: meanOf(digits),
        within: cumulative(histogram)
          .slice(0, MAX_THRESHOLD + 1)
          .map((count) => rateOf(count, bits.length)),
      };
    }),
  }));
}

/** Jobs whose two files are the same, byte for byte. */
export function equalFiles(a: Pictures, b: Pictures) {
  const pairs = a.files.map((file, job) => [file, b.files[job]] as const);
  const both = pairs.filter(([one, other]) => one !== undefined && other !== undefined);
  return rateOf(both.filter(([one, other]) => one === other).length, both.length);
}

/** The paper's reference threshold. */
const REFERENCE_THRESHOLD = 2;

/** What honest pairs do all together: the false alarms at each threshold. */
export function measureHonest(
  profiles: readonly Pictures[],
  agreement: readonly PairAgreement[],
): ByHash<HonestResult> {
  return byHash((hash) => ({
    histogram: addHistograms(agreement.map(({ hashes }) => hashes[hash].bits)),
    falseAlarm: furtherThan(drawnDistances(profiles, hash)),
    worstPair: worstPair(agreement, hash, REFERENCE_THRESHOLD),
  }));
}

/** Of each threshold, the share of distances beyond it. */
export function furtherThan(distances: readonly number[]) {
  const within = cumulative(histogramOf(distances, BIT_BINS));
  return within.map((count) => rateOf(distances.length - count, distances.length));
}

function drawnDistances(profiles: readonly Pictures[], hash: HashName): number[] {
  const pairs = pairsOf(profiles).map(([a, b]) => distancesBetween(a, b, hash));
  const jobs = profiles[0]?.files.map((_, job) => job) ?? [];
  return jobs.map((job) => drawOne(pairs, job, `pair ${hash}`)[job]).filter(isDefined);
}

/** The pair of profiles that disagrees most often at a threshold up to 10. */
export function worstPair(
  agreement: readonly PairAgreement[],
  hash: HashName,
  threshold: number,
): HonestResult['worstPair'] {
  const all = agreement.map(({ a, b, hashes }) => {
    const { within } = hashes[hash];
    return { a, b, disagree: complement(within[threshold] ?? rateOf(0, 0)) };
  });
  return all.reduce((worst, one) => (one.disagree.rate > worst.disagree.rate ? one : worst));
}
