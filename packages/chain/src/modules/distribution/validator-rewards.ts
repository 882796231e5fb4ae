import type { Context } from '../../context.ts';
import { type Decimal, mulTruncate, ofInteger, truncate } from '../../decimal.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { transferFeeCoin } from '../bank/keeper.ts';
import type { Validator } from '../staking/validator.ts';
import { addDust } from './dust.ts';
import { addRatio, heldRatios } from './periods.ts';
import { deleteRewards, requireRewards, setRewards } from './rewards.ts';
import { deleteSlash, slashesSince } from './slashes.ts';
import { withdrawAddress } from './withdraw-address.ts';

/** Begins a validator's first period. */
export function startValidator({ state }: Context, operator: Uint8Array): void {
  addRatio(state, operator, 0n, 0n);
  setRewards(state, operator, { period: 1n, current: 0n, commission: 0n, outstanding: 0n });
}

/** Pays out what a validator that goes has left: its commission to itself, the rest to the pool. */
export function endValidator(context: Context, operator: Uint8Array): void {
  const { state } = context;
  payCommission(context, operator);
  const { outstanding } = requireRewards(state, operator);
  addDust(context, outstanding);
  for (const slash of slashesSince(state, operator, 0n)) deleteSlash(state, operator, slash);
  for (const [key] of heldRatios(state, operator)) state.delete(key);
  deleteRewards(state, operator);
}

/** Adds to a validator's rewards, which lie in the rewards account already. */
export function addRewards(context: Context, validator: Validator, amount: Decimal): void {
  const { state } = context;
  const rewards = requireRewards(state, validator.operator);
  const commission = mulTruncate(amount, validator.commission.rate);
  setRewards(state, validator.operator, {
    ...rewards,
    current: rewards.current + amount - commission,
    commission: rewards.commission + commission,
    outstanding: rewards.outstanding + amount,
  });
}

/** Pays a validator's commission in whole units and returns them. */
export function payCommission(context: Context, operator: Uint8Array): bigint {
  const { state } = context;
  const rewards = requireRewards(state, operator);
  const paid = truncate(rewards.commission);
  setRewards(state, operator, {
    ...rewards,
    commission: rewards.commission - ofInteger(paid),
    outstanding: rewards.outstanding - ofInteger(paid),
  });
  transferFeeCoin(context, MODULE_ACCOUNTS.rewards, withdrawAddress(state, operator), paid);
  return paid;
}
