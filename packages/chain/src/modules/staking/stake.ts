import { equals } from '@semblance/core/bytes';
import type { Context } from '../../context.ts';
import { type Decimal, truncate } from '../../decimal.ts';
import { RefusedError, sdkErrors } from '../../errors.ts';
import { closePeriod, startDelegation, withdrawRewards } from '../distribution/f1.ts';
import { endValidator } from '../distribution/validator-rewards.ts';
import { type Delegation, getDelegation, setDelegation } from './delegations.ts';
import { stakingErrors } from './errors.ts';
import {
  addTokens,
  hasNoExchangeRate,
  isUnbonded,
  removeShares,
  sharesOf,
  tokensOf,
  type Validator,
} from './validator.ts';
import { deleteValidator, requireValidator, setValidator } from './validators.ts';

/*
 * How stake comes to a validator and leaves it. The coins themselves are moved by who calls: they
 * belong into the pool that `poolOf` names.
 */

/** Gives a delegator shares of a validator for an amount, and returns the shares made. */
export function addStake(
  context: Context,
  delegator: Uint8Array,
  operator: Uint8Array,
  amount: bigint,
): Decimal {
  const validator = requireValidator(context, operator);
  if (hasNoExchangeRate(validator)) {
    throw new RefusedError(stakingErrors.noExchangeRate, 'validator_address: lost all its stake');
  }
  const before = getDelegation(context, delegator, operator);
  if (before === undefined) closePeriod(context, validator);
  else withdrawRewards(context, validator, before);
  const [grown, made] = addTokens(validator, amount);
  setValidator(context, grown);
  const delegation = { delegator, operator, shares: (before?.shares ?? 0n) + made };
  setDelegation(context, delegation);
  startDelegation(context, grown, delegation);
  return made;
}

/** Takes shares from a delegator and returns the whole tokens that they were worth. */
export function removeStake(context: Context, delegation: Delegation, shares: Decimal): bigint {
  const validator = requireValidator(context, delegation.operator);
  withdrawRewards(context, validator, delegation);
  const left = { ...delegation, shares: delegation.shares - shares };
  setDelegation(context, left);
  const jailed = validator.jailed || isBelowMinimum(validator, left);
  const [shrunk, amount] = removeShares({ ...validator, jailed }, shares);
  setValidator(context, shrunk);
  if (left.shares > 0n) startDelegation(context, shrunk, left);
  if (shrunk.shares === 0n && isUnbonded(shrunk)) removeValidator(context, shrunk);
  return amount;
}

/** A validator that takes back its own stake below what it promised may not make blocks. */
function isBelowMinimum(validator: Validator, { delegator, shares }: Delegation): boolean {
  if (!equals(delegator, validator.operator)) return false;
  return truncate(tokensOf(validator, shares)) < validator.minSelfDelegation;
}

/** Forgets a validator that nobody delegates to any more. */
export function removeValidator(context: Context, validator: Validator): void {
  endValidator(context, validator.operator);
  deleteValidator(context, validator);
}

/** The delegation and the shares of it that an amount is worth, or a refusal. */
export function sharesToTake(
  context: Context,
  delegator: Uint8Array,
  operator: Uint8Array,
  amount: bigint,
): [Delegation, Decimal] {
  const validator = requireValidator(context, operator);
  const delegation = getDelegation(context, delegator, operator);
  if (delegation === undefined) {
    throw new RefusedError(stakingErrors.noDelegation, 'delegator_address');
  }
  const isWorthless = validator.tokens === 0n;
  const shares = isWorthless ? 0n : sharesOf(validator, amount);
  if (isWorthless || shares > delegation.shares) {
    throw new RefusedError(sdkErrors.invalidRequest, 'amount: invalid shares amount');
  }
  return [delegation, shares];
}
