import { hammingDistance } from '@semblance/perceptual-hash/hamming';

/** Committees are small; the search below visits every subset. */
export const MAX_COMMITTEE = 7;

/**
 * The members whose results agree: the largest set of more than k/2 results that are pairwise
 * within the threshold, as ascending indices, or undefined when there is none.
 *
 * Likeness is not transitive, so two sets can qualify. The larger wins, then the one with the
 * smaller sum of distances, then the one holding the lower indices: the same for every judge.
 *
 * @param hashes one entry a committee member, undefined where no valid result came; k is its length
 * @param thresholdBits greatest Hamming distance that counts as alike
 */
export function majority(
  hashes: readonly (Uint8Array | undefined)[],
  thresholdBits: number,
): number[] | undefined {
  const k = hashes.length;
  if (k > MAX_COMMITTEE) throw new RangeError(`a committee of ${k} is above ${MAX_COMMITTEE}`);
  const distances = pairwiseDistances(hashes);
  let best: { members: number[]; sum: number } | undefined;
  for (const members of subsets(k)) {
    if (2 * members.length <= k) continue;
    const sum = spread(members, distances, thresholdBits);
    if (sum === undefined) continue;
    if (best === undefined || isBetter(members, sum, best)) best = { members, sum };
  }
  return best?.members;
}

/** Hamming distances between all results, in bits; null where either is missing. */
export function pairwiseDistances(
  hashes: readonly (Uint8Array | undefined)[],
): (number | null)[][] {
  return hashes.map((a) => hashes.map((b) => (a && b ? hammingDistance(a, b) : null)));
}

/** All subsets of 0..k-1 as ascending indices, those with lower indices first within a size. */
function subsets(k: number): number[][] {
  let sets: number[][] = [[]];
  for (let i = k - 1; i >= 0; i--) sets = [...sets.map((set) => [i, ...set]), ...sets];
  return sets;
}

/** Sum of the distances within a set, or undefined when two members are not alike. */
function spread(
  members: readonly number[],
  distances: readonly (readonly (number | null)[])[],
  thresholdBits: number,
): number | undefined {
  let sum = 0;
  for (const [n, i] of members.entries()) {
    for (const j of members.slice(n)) {
      const distance = distances[i]?.[j] ?? null;
      if (distance === null || distance > thresholdBits) return undefined;
      sum += distance;
    }
  }
  return sum;
}

function isBetter(
  members: readonly number[],
  sum: number,
  best: { readonly members: readonly number[]; readonly sum: number },
): boolean {
  if (members.length !== best.members.length) return members.length > best.members.length;
  if (sum !== best.sum) return sum < best.sum;
  const at = members.findIndex((member, n) => member !== best.members[n]);
  return at >= 0 && (members[at] as number) < (best.members[at] as number);
}
