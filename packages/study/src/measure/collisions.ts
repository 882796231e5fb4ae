import { type HashSet, hashSet } from '@semblance/perceptual-hash/hamming/hash-set';
import { compute, histogramWithin } from '@semblance/perceptual-hash/hamming/plan';
import type { StudySize } from '../adversaries/adversary.ts';
import type { ByHash, CollisionResult, Collisions, HashName } from '../result.ts';
import { complement } from '../statistics/rate.ts';
import { furtherThan } from './agreement.ts';
import {
  addHistograms,
  byHash,
  cumulative,
  distancesBetween,
  isDefined,
  type Pictures,
  reused,
} from './pictures.ts';

/**
 * Pictures of different jobs that are taken for alike, of the same class (another seed) and of
 * different classes. All pairs of each profile are counted by the Hamming kernels; pairs that share
 * no picture, of the first profile alone, give bounds that hold.
 */
export function measureCollisions(
  profiles: readonly Pictures[],
  { classes, seeds }: StudySize,
): ByHash<CollisionResult> {
  const [reference] = profiles as [Pictures, ...Pictures[]];
  const jobOf = (c: number, seed: number) =>
    c < classes && seed < seeds ? seed * classes + c : undefined;
  const place = (job: number) => [job % classes, Math.floor(job / classes)] as const;
  // each picture in one pair at most
  const sibling = reused(reference, 'sibling', (job) => {
    const [c, seed] = place(job);
    return seed % 2 === 0 ? jobOf(c, seed + 1) : undefined;
  });
  const stranger = reused(reference, 'stranger', (job) => {
    const [c, seed] = place(job);
    return c % 2 === 0 ? jobOf(c + 1, (seed + 1) % seeds) : undefined;
  });

  return byHash((hash) => {
    const all = profiles.map((pictures) => histograms(pictures, hash, { classes, seeds }));
    const disjoint = (other: Pictures) =>
      furtherThan(distancesBetween(reference, other, hash).filter(isDefined)).map(complement);
    return {
      sameClass: collisions(addHistograms(all.map(({ same }) => same)), disjoint(sibling)),
      crossClass: collisions(addHistograms(all.map(({ cross }) => cross)), disjoint(stranger)),
    };
  });
}

function collisions(histogram: number[], disjoint: Collisions['disjoint']): Collisions {
  const counts = cumulative(histogram);
  const pairs = counts.at(-1) as number;
  return {
    histogram,
    pairs,
    within: counts.map((count) => (pairs === 0 ? 0 : count / pairs)),
    disjoint,
  };
}

/** All pairs of one profile's pictures by distance, within classes and across them. */
function histograms(
  { hashes }: Pictures,
  hash: HashName,
  { classes, seeds }: StudySize,
): { same: number[]; cross: number[] } {
  const ends: number[] = [];
  const inOrder: Uint8Array[] = [];
  for (let c = 0; c < classes; c++) {
    for (let seed = 0; seed < seeds; seed++) {
      const one = hashes[hash][seed * classes + c];
      if (one !== undefined) inOrder.push(one);
    }
    if (inOrder.length > (ends.at(-1) ?? 0)) ends.push(inOrder.length);
  }
  if (inOrder.length === 0) return { same: [], cross: [] };
  const set = widened(inOrder);
  const same = compute(histogramWithin(set, 'bits', Uint32Array.from(ends)));
  const all = compute(histogramWithin(set, 'bits'));
  return { same, cross: all.map((pairs, distance) => pairs - (same[distance] as number)) };
}

/** Kernels take hashes of 64 bits: shorter ones get leading zeros, which add no distance. */
function widened(hashes: readonly Uint8Array[]): HashSet {
  const bytes = new Uint8Array(hashes.length * 8);
  hashes.forEach((hash, i) => {
    bytes.set(hash, (i + 1) * 8 - hash.length);
  });
  return hashSet(64, bytes);
}
