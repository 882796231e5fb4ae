import { fromUtf8, toUtf8 } from '@semblance/core/bytes';
import type { Context } from '../../context.ts';
import { RefusedError, sdkErrors } from '../../errors.ts';
import { event } from '../../events.ts';
import { decodeAmount, encodeAmount } from '../../store/amount.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { formatAddress } from '../auth/address.ts';
import { createAccountIfMissing } from '../auth/keeper.ts';
import { type Coin, formatCoins } from './coin.ts';

const balanceKey = (address: Uint8Array, denom: string) =>
  keyOf(PREFIX.balance, address, fromUtf8(denom));

export function getBalance(state: Reader, address: Uint8Array, denom: string): bigint {
  const bytes = state.get(balanceKey(address, denom));
  return bytes === undefined ? 0n : decodeAmount(bytes);
}

/** Everything an account holds, by ascending coin name. */
export function getBalances(state: Reader, address: Uint8Array): Coin[] {
  const prefix = keyOf(PREFIX.balance, address);
  return Array.from(state.range(...keysUnder(prefix)), ([key, value]) => ({
    denom: toUtf8(key.subarray(prefix.length)),
    amount: decodeAmount(value),
  }));
}

export function getSupply(state: Reader, denom: string): bigint {
  const bytes = state.get(keyOf(PREFIX.supply, fromUtf8(denom)));
  return bytes === undefined ? 0n : decodeAmount(bytes);
}

export function getTotalSupply(state: Reader): Coin[] {
  return Array.from(state.range(...keysUnder(keyOf(PREFIX.supply))), ([key, value]) => ({
    denom: toUtf8(key.subarray(1)),
    amount: decodeAmount(value),
  }));
}

/** Creates coins: in genesis, and as the reward of a block. */
export function mint(state: State, address: Uint8Array, { denom, amount }: Coin): void {
  const supply = getSupply(state, denom) + amount;
  state.set(keyOf(PREFIX.supply, fromUtf8(denom)), encodeAmount(supply));
  setBalance(state, address, denom, getBalance(state, address, denom) + amount);
}

/** Destroys coins that an account holds. */
export function burn(state: State, address: Uint8Array, { denom, amount }: Coin): void {
  const supply = getSupply(state, denom) - amount;
  const key = keyOf(PREFIX.supply, fromUtf8(denom));
  if (supply === 0n) state.delete(key);
  else state.set(key, encodeAmount(supply));
  setBalance(state, address, denom, getBalance(state, address, denom) - amount);
}

/** Moves coins, or refuses when the sender has not got them. The receiver's account comes to be. */
export function transfer(
  { state, params, events }: Context,
  from: Uint8Array,
  to: Uint8Array,
  coins: readonly Coin[],
): void {
  for (const { denom, amount } of coins) {
    const held = getBalance(state, from, denom);
    if (held < amount) {
      throw new RefusedError(
        sdkErrors.insufficientFunds,
        `spendable balance ${held}${denom} is smaller than ${amount}${denom}`,
      );
    }
    setBalance(state, from, denom, held - amount);
    setBalance(state, to, denom, getBalance(state, to, denom) + amount);
  }
  createAccountIfMissing(state, to);
  events.push(
    event('transfer', {
      sender: formatAddress(params, from),
      recipient: formatAddress(params, to),
      amount: formatCoins(coins),
    }),
  );
}

/** Moves an amount of the fee coin. Nothing happens for nothing. */
export function transferFeeCoin(
  context: Context,
  from: Uint8Array,
  to: Uint8Array,
  amount: bigint,
): void {
  if (amount === 0n) return;
  transfer(context, from, to, [{ denom: context.params.ml.bondDenom, amount }]);
}

function setBalance(state: State, address: Uint8Array, denom: string, amount: bigint): void {
  const key = balanceKey(address, denom);
  if (amount === 0n) state.delete(key);
  else state.set(key, encodeAmount(amount));
}
