import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';

const addressKey = (delegator: Uint8Array) => keyOf(PREFIX.distributionWithdrawAddress, delegator);

/** Where an account's rewards go: to itself, unless it said otherwise. */
export function withdrawAddress(state: Reader, delegator: Uint8Array): Uint8Array {
  return state.get(addressKey(delegator)) ?? delegator;
}

export function setWithdrawAddress(state: State, delegator: Uint8Array, to: Uint8Array): void {
  state.set(addressKey(delegator), to);
}
