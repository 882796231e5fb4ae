import { InvalidInputError } from '@semblance/core/errors';
import { type Grouping, groupEqual } from './distinct.ts';
import type { HashSet } from './hash-set.ts';
import { histogramAcrossRunner, histogramWithinRunner } from './histogram-runner.ts';
import type { HammingJob, JobRunner, PartialResult } from './job.ts';
import { compileKernels, Kernels } from './kernels.ts';
import { type NearPairs, nearPairsOf, pairsAmongEqual, TooManyPairsError } from './near-pairs.ts';
import { nearRunner } from './near-runner.ts';
import { segmentsFor } from './segments.ts';
import { type DistanceUnit, maxDistance } from './unit.ts';

/** What is to be computed: pieces that any number of threads share, and how they make a result. */
export interface HammingPlan<Result> {
  readonly job: HammingJob;
  finish(partials: readonly PartialResult[]): Result;
}

/**
 * The pairs within each group of `set` by distance, from 0 to the largest there can be.
 *
 * @param ends where each group ends, ascending up to the set's size; by default one group.
 * @throws InvalidInputError when `ends` is not that.
 */
export function histogramWithin(
  set: HashSet,
  unit: DistanceUnit = 'bits',
  ends: Uint32Array = Uint32Array.of(set.count),
): HammingPlan<number[]> {
  const ascending = ends.every(
    (end, group) => end > (group === 0 ? 0 : (ends[group - 1] as number)),
  );
  if (!ascending || ends.at(-1) !== set.count) {
    throw new InvalidInputError('ends', `not ascending up to the ${set.count} hashes`);
  }
  return { job: { kind: 'histogram-within', unit, set, ends }, finish: addCounts };
}

/** The pairs of a hash of `a` and a hash of `b` by distance. One of them may be a single query. */
export function histogramAcross(
  a: HashSet,
  b: HashSet,
  unit: DistanceUnit = 'bits',
): HammingPlan<number[]> {
  requireSameLength(a, b);
  return { job: { kind: 'histogram-across', unit, a, b }, finish: addCounts };
}

/** The pairs of `set` at each distance from 0 to `threshold`. */
export function countNearWithin(
  set: HashSet,
  threshold: number,
  unit: DistanceUnit = 'bits',
): HammingPlan<number[]> {
  requireThreshold(set, threshold, unit);
  return countPlan({ unit, threshold }, groupEqual(set));
}

/** The pairs of a hash of `a` and a hash of `b` at each distance from 0 to `threshold`. */
export function countNearAcross(
  a: HashSet,
  b: HashSet,
  threshold: number,
  unit: DistanceUnit = 'bits',
): HammingPlan<number[]> {
  requireSameLength(a, b);
  requireThreshold(a, threshold, unit);
  return countPlan({ unit, threshold }, groupEqual(a), groupEqual(b));
}

/** The pairs of `set` within `threshold`. @throws TooManyPairsError beyond `limit` of them. */
export function listNearWithin(
  set: HashSet,
  threshold: number,
  limit: number,
  unit: DistanceUnit = 'bits',
): HammingPlan<NearPairs> {
  requireThreshold(set, threshold, unit);
  return listPlan({ unit, threshold, limit }, groupEqual(set));
}

/** The pairs of a hash of `a` and one of `b` within `threshold`. @throws TooManyPairsError */
export function listNearAcross(
  a: HashSet,
  b: HashSet,
  threshold: number,
  limit: number,
  unit: DistanceUnit = 'bits',
): HammingPlan<NearPairs> {
  requireSameLength(a, b);
  requireThreshold(a, threshold, unit);
  return listPlan({ unit, threshold, limit }, groupEqual(a), groupEqual(b));
}

/** The kernels that do the pieces of a job. */
export function runnerOf(kernels: Kernels, job: HammingJob): JobRunner {
  switch (job.kind) {
    case 'histogram-within':
      return histogramWithinRunner(kernels, job);
    case 'histogram-across':
      return histogramAcrossRunner(kernels, job);
    case 'near':
      return nearRunner(kernels, job);
  }
}

/** Does all of it here, on this thread. */
export function compute<Result>(
  plan: HammingPlan<Result>,
  kernels: Kernels = new Kernels(compileKernels()),
): Result {
  const start = kernels.mark;
  try {
    const runner = runnerOf(kernels, plan.job);
    for (let piece = 0; piece < runner.pieces; piece++) runner.run(piece);
    return plan.finish([runner.partial()]);
  } finally {
    kernels.release(start);
  }
}

interface Within {
  readonly unit: DistanceUnit;
  readonly threshold: number;
}

function nearJob({ unit, threshold }: Within, a: Grouping, b?: Grouping): HammingJob {
  const hashes = a.distinct.hashes;
  const others = b?.distinct.hashes ?? hashes;
  return {
    kind: 'near',
    unit,
    threshold,
    a: a.distinct,
    b: b?.distinct,
    segments: segmentsFor(hashes.bits, threshold, hashes.count, others.count),
    listUpTo: 0,
  };
}

function countPlan(within: Within, a: Grouping, b?: Grouping): HammingPlan<number[]> {
  return {
    job: nearJob(within, a, b),
    finish(partials) {
      const counts = addCounts(partials);
      if (!b) counts[0] = (counts[0] as number) + pairsAmongEqual(a.distinct.weights);
      return counts;
    },
  };
}

function listPlan(
  { limit, ...within }: Within & { readonly limit: number },
  a: Grouping,
  b?: Grouping,
): HammingPlan<NearPairs> {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new InvalidInputError('limit', `not a number of pairs from 1 on: ${limit}`);
  }
  const counting = countPlan(within, a, b);
  return {
    job: { ...counting.job, listUpTo: limit } as HammingJob,
    finish(partials) {
      const total = counting.finish(partials).reduce((sum, pairs) => sum + pairs, 0);
      if (total > limit) throw new TooManyPairsError(limit);
      return nearPairsOf(
        partials.flatMap(({ matches }) => matches),
        total,
        a,
        b,
      );
    },
  };
}

function addCounts(partials: readonly PartialResult[]): number[] {
  const sum: number[] = [];
  for (const { counts } of partials) {
    counts.forEach((pairs, distance) => {
      sum[distance] = (sum[distance] ?? 0) + pairs;
    });
  }
  return sum;
}

function requireSameLength(a: HashSet, b: HashSet): void {
  if (a.bits !== b.bits) {
    throw new InvalidInputError('b', `${b.bits}-bit hashes beside ${a.bits}-bit ones`);
  }
}

function requireThreshold(set: HashSet, threshold: number, unit: DistanceUnit): void {
  const most = maxDistance(set.bits, unit);
  if (!Number.isInteger(threshold) || threshold < 0 || threshold > most) {
    throw new InvalidInputError('threshold', `not an integer from 0 to ${most}: ${threshold}`);
  }
}
