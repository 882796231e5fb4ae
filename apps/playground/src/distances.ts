import { bitDistance } from './hash-bits.ts';
import type { GridHash, Job } from './job.ts';

export type DistanceMatrix = readonly (readonly (number | null)[])[];

/** Pairwise distances in bits; null where a result is not revealed. */
export function pairwiseDistances(hashes: readonly (string | null)[]): DistanceMatrix {
  return hashes.map((a) =>
    hashes.map((b) => (a === null || b === null ? null : bitDistance(a, b))),
  );
}

/** The chain's own matrix for the hash that voted; counted here for the other hashes. */
export function distancesBy(job: Job, hash: GridHash): DistanceMatrix {
  if (hash === job.hash && job.distances.length === job.committee.length) return job.distances;
  return pairwiseDistances(job.committee.map((member) => member.hashes?.[hash] ?? null));
}
