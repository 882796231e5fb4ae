import { fromUint64, toUint64 } from '@semblance/core/bytes';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { type Account, decodeAccount, encodeAccount } from './account.ts';

const NEXT_NUMBER = keyOf(PREFIX.accountNumber);

export function getAccount(state: Reader, address: Uint8Array): Account | undefined {
  const bytes = state.get(keyOf(PREFIX.account, address));
  return bytes && decodeAccount(address, bytes);
}

export function setAccount(state: State, account: Account): void {
  state.set(keyOf(PREFIX.account, account.address), encodeAccount(account));
}

/** Makes sure that whoever receives coins can sign for them. */
export function createAccountIfMissing(state: State, address: Uint8Array): void {
  if (state.get(keyOf(PREFIX.account, address)) !== undefined) return;
  const next = state.get(NEXT_NUMBER);
  const number = next === undefined ? 0n : toUint64(next);
  state.set(NEXT_NUMBER, fromUint64(number + 1n));
  setAccount(state, { address, number, sequence: 0n, pubKey: undefined });
}
