import { toUtf8 } from '@semblance/core/bytes';
import { decodeAmount } from '../../store/amount.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { getAccount } from '../auth/keeper.ts';
import { getTotalSupply } from './keeper.ts';

/** Sentences on what is broken: supply that is not the sum of balances, holders without account. */
export function bankInvariants(state: Reader): string[] {
  const sums = new Map<string, bigint>();
  const broken: string[] = [];
  for (const [key, value] of state.range(...keysUnder(keyOf(PREFIX.balance)))) {
    const denom = toUtf8(key.subarray(21));
    const amount = decodeAmount(value);
    if (amount === 0n) broken.push(`bank: an empty balance of ${denom} is stored`);
    if (getAccount(state, key.subarray(1, 21)) === undefined) {
      broken.push(`bank: a holder of ${denom} has no account`);
    }
    sums.set(denom, (sums.get(denom) ?? 0n) + amount);
  }
  for (const { denom, amount } of getTotalSupply(state)) {
    if (sums.get(denom) !== amount) {
      broken.push(`bank: the supply of ${denom} is ${amount}, held are ${sums.get(denom) ?? 0n}`);
    }
    sums.delete(denom);
  }
  for (const denom of sums.keys()) broken.push(`bank: ${denom} is held and has no supply`);
  return broken;
}
