import { compare, fromUint64, fromUtf8, toUint64 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

const DRAW = fromUtf8('semblance/draw/v1');

/** Seed of one job's committee, 32 bytes. */
export function committeeSeed(beacon: Uint8Array, jobId: Uint8Array): Uint8Array {
  return sha256(DRAW, beacon, jobId);
}

export interface Candidate {
  readonly id: string;
  /** At most one candidate of an operator is drawn. */
  readonly operator: string;
  /** Chance in proportion to the others', e.g. the stake. Not negative. */
  readonly weight: bigint;
}

/**
 * Draws `size` candidates without replacement, weighted, the executor first; undefined when there
 * are not enough. Depends on the set of candidates only, not on its order.
 *
 * Each pick reduces 128 bits of hash modulo the total weight: with totals under 2^64 the bias of
 * the modulus is below 2^-64.
 */
export function drawCommittee(
  candidates: readonly Candidate[],
  size: number,
  seed: Uint8Array,
): string[] | undefined {
  let pool = candidates
    .filter((candidate) => candidate.weight > 0n)
    .sort((a, b) => compare(fromUtf8(a.id), fromUtf8(b.id)));
  const drawn: string[] = [];
  while (drawn.length < size) {
    const picked = pick(pool, sha256(seed, fromUint64(BigInt(drawn.length))));
    if (picked === undefined) return undefined;
    drawn.push(picked.id);
    pool = pool.filter((candidate) => candidate.operator !== picked.operator);
  }
  return drawn;
}

function pick(pool: readonly Candidate[], random: Uint8Array): Candidate | undefined {
  const total = pool.reduce((sum, candidate) => sum + candidate.weight, 0n);
  if (total === 0n) return undefined;
  let left = ((toUint64(random) << 64n) | toUint64(random, 8)) % total;
  return pool.find((candidate) => {
    if (left < candidate.weight) return true;
    left -= candidate.weight;
    return false;
  });
}
