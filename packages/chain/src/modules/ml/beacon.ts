import { nextBeacon } from '@semblance/verification/draw';
import type { Context } from '../../context.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';

const KEY = keyOf(PREFIX.mlBeacon);
const BEFORE_FIRST_BLOCK = new Uint8Array(32);

/** Mixes the block that is being closed into the chain's randomness and returns it, 32 bytes. */
export function advanceBeacon({ state, block }: Context): Uint8Array {
  const beacon = nextBeacon(state.get(KEY) ?? BEFORE_FIRST_BLOCK, block.hash);
  state.set(KEY, beacon);
  return beacon;
}
