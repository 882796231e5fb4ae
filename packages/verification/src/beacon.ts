import { compare, fromUint64, fromUtf8 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

const INPUT = fromUtf8('semblance/vrf-input/v1');
const COMBINED = fromUtf8('semblance/beacon/v2');

/** What one validator adds to the beacon: the checked output of its VRF. */
export interface Contribution {
  /** Consensus address, 20 bytes. */
  readonly validator: Uint8Array;
  /** 64 bytes, as `verify` returns them. */
  readonly output: Uint8Array;
}

/** What the validators prove at a height. The one part of free length is the last, so no two inputs are the same. */
export function vrfInput(chainId: string, height: bigint, beacon: Uint8Array): Uint8Array {
  return sha256(INPUT, fromUint64(height), beacon, fromUtf8(chainId));
}

/**
 * The next beacon, from at most one contribution of each validator, in any order. The block's hash is no part
 * of it: its proposer could try transactions and times until it likes the result. What is left to it is which
 * contributions it leaves out.
 */
export function combine(beacon: Uint8Array, contributions: readonly Contribution[]): Uint8Array {
  const ordered = contributions.toSorted((a, b) => compare(a.validator, b.validator));
  return sha256(
    COMBINED,
    beacon,
    ...ordered.flatMap(({ validator, output }) => [validator, output]),
  );
}
