import { concat } from '@semblance/core/bytes';
import { type Contribution, combine, vrfInput } from '@semblance/verification/beacon';
import type { Context } from '../../context.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';

/*
 * The chain's randomness: 32 bytes that every block makes anew from what the validators added to
 * their votes for the block before. The one before is kept, since it is what those votes proved.
 */

const KEY = keyOf(PREFIX.beacon);
const BYTES = 32;
const BEFORE_FIRST_BLOCK = new Uint8Array(2 * BYTES);

interface Beacons {
  /** After the block before the last. */
  readonly previous: Uint8Array;
  /** After the last block. */
  readonly current: Uint8Array;
}

/** Mixes the contributions into the beacon and returns it, 32 bytes. */
export function advanceBeacon(
  { state }: Context,
  contributions: readonly Contribution[],
): Uint8Array {
  const { current } = beaconsIn(state);
  const next = combine(current, contributions);
  state.set(KEY, concat(current, next));
  return next;
}

/** What a vote at the height that comes after the state, or at that of the state itself, proves. */
export function inputAt(
  state: Reader,
  chainId: string,
  height: bigint,
  stateHeight: bigint,
): Uint8Array | undefined {
  const { previous, current } = beaconsIn(state);
  if (height === stateHeight + 1n) return vrfInput(chainId, height, current);
  if (height === stateHeight) return vrfInput(chainId, height, previous);
  return undefined;
}

function beaconsIn(state: Reader): Beacons {
  const record = state.get(KEY) ?? BEFORE_FIRST_BLOCK;
  return { previous: record.slice(0, BYTES), current: record.slice(BYTES) };
}
