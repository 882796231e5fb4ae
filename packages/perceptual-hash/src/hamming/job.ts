import type { DistinctHashes } from './distinct.ts';
import type { HashSet } from './hash-set.ts';
import type { Segments } from './segments.ts';
import type { DistanceUnit } from './unit.ts';

/** Full histogram of the pairs inside each group of a set. */
export interface HistogramWithinJob {
  readonly kind: 'histogram-within';
  readonly unit: DistanceUnit;
  readonly set: HashSet;
  /** Where each group ends: group g is the hashes from ends[g - 1] (or 0) to ends[g]. */
  readonly ends: Uint32Array;
}

/** Full histogram of the pairs of a hash of one set and a hash of another. */
export interface HistogramAcrossJob {
  readonly kind: 'histogram-across';
  readonly unit: DistanceUnit;
  readonly a: HashSet;
  readonly b: HashSet;
}

/** Pairs up to a threshold, of different hashes of one set (no `b`) or across two. */
export interface NearJob {
  readonly kind: 'near';
  readonly unit: DistanceUnit;
  readonly threshold: number;
  readonly a: DistinctHashes;
  readonly b: DistinctHashes | undefined;
  /** Undefined: compare all pairs. */
  readonly segments: Segments | undefined;
  /** How many pairs to list; beyond them, and with 0, they are counted only. */
  readonly listUpTo: number;
}

/** Work that falls into pieces. Plain data, so that it can be sent to a thread. */
export type HammingJob = HistogramWithinJob | HistogramAcrossJob | NearJob;

/** What some of the pieces of a job gave: to be added up, in any order. */
export interface PartialResult {
  /** Pairs at distance 0, 1, 2, ... */
  readonly counts: number[];
  /** Near pairs listed: three numbers each, positions in `a` and `b` and the distance. */
  readonly matches: readonly Uint32Array[];
}

/** Does pieces of one job on one thread. Each piece must be done once, anywhere, in any order. */
export interface JobRunner {
  readonly pieces: number;
  run(piece: number): void;
  /** What the pieces done here gave together. */
  partial(): PartialResult;
}
