import type { Context } from '../../context.ts';
import { type Decimal, mulTruncate, ONE, truncate } from '../../decimal.ts';
import { ApplicationError } from '../../errors.ts';
import { event } from '../../events.ts';
import { decodeIntegers, encodeIntegers, least } from '../../integers.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { formatAddress } from '../auth/address.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { transferFeeCoin } from '../bank/keeper.ts';
import type { Delegation } from '../staking/delegations.ts';
import { formatOperator } from '../staking/operator-address.ts';
import { tokensOf, tokensOfTruncated, type Validator } from '../staking/validator.ts';
import { addDust } from './dust.ts';
import { addRatio, holdRatio, ratioAt, releaseRatio } from './periods.ts';
import { type Rewards, requireRewards, setRewards } from './rewards.ts';
import { addSlash, slashesSince } from './slashes.ts';
import { withdrawAddress } from './withdraw-address.ts';

/*
 * F1 fee distribution (D. Ojha, C. Goes: "F1 Fee Distribution"), as in cosmos-sdk's x/distribution.
 *
 * A block's rewards are added to one number of each validator. Whenever a delegation of it changes,
 * that number is divided by the stake and added to a growing ratio of rewards for a unit of stake,
 * and a new period begins. A delegation remembers its stake and the period in which it began: it has
 * earned its stake times the growth of the ratio since, in one step however many blocks have passed.
 * A slash takes a part of every stake at the end of a period, so it is remembered with its period.
 *
 * All is rounded down, so that no more is ever paid than there is.
 */

/** Closes a validator's period and returns its number. `validator` still has the stake of it. */
export function closePeriod(context: Context, validator: Validator): bigint {
  const { state } = context;
  const { operator, tokens } = validator;
  const rewards = requireRewards(state, operator);
  const { period, current } = rewards;
  // Without stake nobody can have earned it.
  const unclaimed = tokens === 0n ? current : 0n;
  addDust(context, unclaimed);
  addRatio(
    state,
    operator,
    period,
    ratioAt(state, operator, period - 1n) + growth(rewards, tokens),
  );
  releaseRatio(state, operator, period - 1n);
  setRewards(state, operator, {
    ...rewards,
    period: period + 1n,
    // What does not divide is divided with the next period's.
    current: tokens === 0n ? 0n : current % tokens,
    outstanding: rewards.outstanding - unclaimed,
  });
  return period;
}

/** What the open period has earned for one base unit of stake. */
const growth = ({ current }: Rewards, tokens: bigint): Decimal =>
  tokens === 0n ? 0n : current / tokens;

/** When a delegation last changed. */
interface Start {
  /** The period that was closed then. */
  readonly period: bigint;
  readonly stake: Decimal;
  readonly height: bigint;
}

const startKey = ({ operator, delegator }: Omit<Delegation, 'shares'>) =>
  keyOf(PREFIX.distributionStart, operator, delegator);

function getStart(state: Reader, delegation: Delegation): Start {
  const bytes = state.get(startKey(delegation));
  if (bytes === undefined) {
    throw new ApplicationError('CORRUPT_STATE', 'a delegation has no beginning', {});
  }
  const [period = 0n, stake = 0n, height = 0n] = decodeIntegers(bytes);
  return { period, stake, height };
}

/** Lets a new or changed delegation earn from here. The period before was closed in this message. */
export function startDelegation(
  { state, block }: Context,
  validator: Validator,
  delegation: Delegation,
): void {
  const { operator } = validator;
  const period = requireRewards(state, operator).period - 1n;
  holdRatio(state, operator, period);
  const stake = tokensOfTruncated(validator, delegation.shares);
  state.set(startKey(delegation), encodeIntegers(period, stake, block.height));
}

/** Pays what a delegation has earned and ends it as it is. Returns the whole units that were paid. */
export function withdrawRewards(
  context: Context,
  validator: Validator,
  delegation: Delegation,
): bigint {
  const { state, params, events } = context;
  const { operator, delegator } = delegation;
  const closed = closePeriod(context, validator);
  const rewards = requireRewards(state, operator);
  const ratio = ratioAt(state, operator, closed);
  const earned = least(earnedUntil(state, validator, delegation, ratio), rewards.outstanding);
  const paid = truncate(earned);
  setRewards(state, operator, { ...rewards, outstanding: rewards.outstanding - earned });
  const to = withdrawAddress(state, delegator);
  transferFeeCoin(context, MODULE_ACCOUNTS.rewards, to, paid);
  addDust(context, earned % ONE);
  releaseRatio(state, operator, getStart(state, delegation).period);
  state.delete(startKey(delegation));
  events.push(
    event('withdraw_rewards', {
      amount: `${paid}${params.ml.bondDenom}`,
      validator: formatOperator(params, operator),
      delegator: formatAddress(params, delegator),
    }),
  );
  return paid;
}

/** What a delegation would be paid if its validator's period was closed now. Changes nothing. */
export function pendingRewards(
  state: Reader,
  validator: Validator,
  delegation: Delegation,
): Decimal {
  const { operator, tokens } = validator;
  const rewards = requireRewards(state, operator);
  const ratio = ratioAt(state, operator, rewards.period - 1n) + growth(rewards, tokens);
  return least(earnedUntil(state, validator, delegation, ratio), rewards.outstanding);
}

/** Remembers that a validator is about to lose a part of its stake. */
export function recordSlash(context: Context, validator: Validator, fraction: Decimal): void {
  const { state, block } = context;
  const period = closePeriod(context, validator);
  holdRatio(state, validator.operator, period);
  addSlash(state, validator.operator, { height: block.height, period, fraction });
}

/** What a delegation has earned until its validator's ratio is `ratio`. */
function earnedUntil(
  state: Reader,
  validator: Validator,
  delegation: Delegation,
  ratio: Decimal,
): Decimal {
  const { operator } = validator;
  const start = getStart(state, delegation);
  let { stake } = start;
  let earned = 0n;
  let reached = ratioAt(state, operator, start.period);
  for (const slash of slashesSince(state, operator, start.height)) {
    if (slash.period <= start.period) continue;
    const next = ratioAt(state, operator, slash.period);
    earned += mulTruncate(next - reached, stake);
    stake = mulTruncate(stake, ONE - slash.fraction);
    reached = next;
  }
  // Rounding, many slashes long, must not let it earn for more than it is worth.
  stake = least(stake, tokensOf(validator, delegation.shares));
  return earned + mulTruncate(ratio - reached, stake);
}
