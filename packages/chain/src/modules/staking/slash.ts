import type { Context } from '../../context.ts';
import { type Decimal, ONE, ofInteger, partOf, quoRoundUp } from '../../decimal.ts';
import { least } from '../../integers.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { recordSlash } from '../distribution/f1.ts';
import { getDelegation } from './delegations.ts';
import { burnStake, poolOf } from './pools.ts';
import { type Redelegation, redelegationsFrom } from './redelegations.ts';
import { removeStake } from './stake.ts';
import { getUnbonding, setUnbonding, type UnbondingEntry, unbondersOf } from './unbondings.ts';
import { POWER_REDUCTION, sharesOf } from './validator.ts';
import { getValidator, indexedValidator, setValidator } from './validators.ts';

/**
 * Destroys a part of the stake that stood behind a validator at a height, as much as gave it
 * `power`: first of what has left it since, which answers with the same part, the rest of what is
 * there. Stake that came later makes up for nothing but what was withdrawn.
 */
export function slash(
  context: Context,
  operator: Uint8Array,
  height: bigint,
  power: bigint,
  fraction: Decimal,
): void {
  const due = partOf(power * POWER_REDUCTION, fraction);
  const taken =
    height >= context.block.height
      ? 0n
      : slashUnbondings(context, operator, height, fraction) +
        slashRedelegations(context, operator, height, fraction);
  slashStake(context, operator, due > taken ? due - taken : 0n);
}

function slashStake(context: Context, operator: Uint8Array, due: bigint): void {
  const validator = indexedValidator(context, operator);
  const amount = least(due, validator.tokens);
  if (amount === 0n) return;
  const part = quoRoundUp(ofInteger(amount), ofInteger(validator.tokens));
  recordSlash(context, validator, least(part, ONE));
  setValidator(context, { ...validator, tokens: validator.tokens - amount });
  burnStake(context, poolOf(validator), amount);
}

type Answerable = Pick<UnbondingEntry, 'creationHeight' | 'completionMs'>;

/** Stake that left at or after a height stood behind what was done there; until it is free. */
const answersFor = ({ block }: Context, height: bigint, entry: Answerable): boolean =>
  entry.creationHeight >= height && entry.completionMs > block.timeMs;

/** Returns what should have been taken, even where less was left. */
function slashUnbondings(
  context: Context,
  operator: Uint8Array,
  height: bigint,
  fraction: Decimal,
): bigint {
  let due = 0n;
  for (const delegator of unbondersOf(context.state, operator)) {
    const unbonding = getUnbonding(context, delegator, operator);
    const entries = unbonding.entries.map((entry) => {
      if (!answersFor(context, height, entry)) return entry;
      const wanted = partOf(entry.initialBalance, fraction);
      due += wanted;
      return burnOf(context, entry, wanted);
    });
    setUnbonding(context, { ...unbonding, entries });
  }
  return due;
}

/** The entry without an amount, or without all it has. */
function burnOf(context: Context, entry: UnbondingEntry, wanted: bigint): UnbondingEntry {
  const amount = least(wanted, entry.balance);
  burnStake(context, MODULE_ACCOUNTS.notBonded, amount);
  return { ...entry, balance: entry.balance - amount };
}

function slashRedelegations(
  context: Context,
  operator: Uint8Array,
  height: bigint,
  fraction: Decimal,
): bigint {
  let due = 0n;
  for (const redelegation of redelegationsFrom(context, operator)) {
    for (const entry of redelegation.entries) {
      if (!answersFor(context, height, entry)) continue;
      const wanted = partOf(entry.initialBalance, fraction);
      due += wanted;
      const left = takeFromUnbonding(context, redelegation, height, wanted);
      takeFromDelegation(context, redelegation, left);
    }
  }
  return due;
}

/** Moved stake may be on its way out of its second validator. Returns what is still to be taken. */
function takeFromUnbonding(
  context: Context,
  { delegator, to }: Redelegation,
  height: bigint,
  wanted: bigint,
): bigint {
  let left = wanted;
  const unbonding = getUnbonding(context, delegator, to);
  const entries = unbonding.entries.map((entry) => {
    if (!answersFor(context, height, entry)) return entry;
    const shrunk = burnOf(context, entry, left);
    left -= entry.balance - shrunk.balance;
    return shrunk;
  });
  setUnbonding(context, { ...unbonding, entries });
  return left;
}

function takeFromDelegation(
  context: Context,
  { delegator, to }: Redelegation,
  wanted: bigint,
): void {
  const validator = getValidator(context, to);
  const delegation = getDelegation(context, delegator, to);
  if (wanted === 0n || !validator || !delegation || validator.tokens === 0n) return;
  const shares = least(sharesOf(validator, wanted), delegation.shares);
  const amount = removeStake(context, delegation, shares);
  burnStake(context, poolOf(validator), amount);
}
