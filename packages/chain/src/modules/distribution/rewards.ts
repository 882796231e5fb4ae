import type { Decimal } from '../../decimal.ts';
import { ApplicationError } from '../../errors.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';

/** What a validator and its delegators have earned and not taken yet, in parts of the fee coin. */
export interface Rewards {
  /** Number of the period that is open. */
  readonly period: bigint;
  /** Of the open period, for the delegators. */
  readonly current: Decimal;
  /** For the validator itself. */
  readonly commission: Decimal;
  /** All of it: the commission, the open period and what is left of the closed ones. */
  readonly outstanding: Decimal;
}

const rewardsKey = (operator: Uint8Array) => keyOf(PREFIX.distributionRewards, operator);

/** Undefined for an account that is no validator. */
export function getRewards(state: Reader, operator: Uint8Array): Rewards | undefined {
  const bytes = state.get(rewardsKey(operator));
  if (bytes === undefined) return undefined;
  const [period = 0n, current = 0n, commission = 0n, outstanding = 0n] = decodeIntegers(bytes);
  return { period, current, commission, outstanding };
}

export function requireRewards(state: Reader, operator: Uint8Array): Rewards {
  const rewards = getRewards(state, operator);
  if (rewards !== undefined) return rewards;
  throw new ApplicationError('CORRUPT_STATE', 'a validator has no rewards', {});
}

export function setRewards(state: State, operator: Uint8Array, rewards: Rewards): void {
  const { period, current, commission, outstanding } = rewards;
  const bytes = encodeIntegers(period, current, commission, outstanding);
  state.set(rewardsKey(operator), bytes);
}

export function deleteRewards(state: State, operator: Uint8Array): void {
  state.delete(rewardsKey(operator));
}
