import { concat } from '@semblance/core/bytes';
import { UnbondingDelegation as UnbondingProto } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import type { Context, View } from '../../context.ts';
import { enqueue, type Queue } from '../../due-queue.ts';
import { RefusedError } from '../../errors.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX, PRESENT } from '../../store/prefixes.ts';
import { toMs, toTimestamp } from '../../time.ts';
import { encodeCosmos, readCosmos } from '../../tx/cosmos-wire.ts';
import { formatAddress, parseAddress } from '../auth/address.ts';
import { stakingErrors } from './errors.ts';
import { formatOperator, parseOperator } from './operator-address.ts';

/** Stake on its way back to its owner, which still answers for what its validator did before. */
export interface UnbondingEntry {
  readonly creationHeight: bigint;
  readonly completionMs: bigint;
  /** What it was when the unbonding began, less what was cancelled: slashes are reckoned from it. */
  readonly initialBalance: bigint;
  readonly balance: bigint;
}

/** One delegator's unbondings from one validator, the oldest first. */
export interface Unbonding {
  readonly delegator: Uint8Array;
  readonly operator: Uint8Array;
  readonly entries: readonly UnbondingEntry[];
}

/** Unbondings by when they are over. Ids are the delegator's address and the operator's. */
export const UNBONDING_QUEUE: Queue = PREFIX.stakingUnbondingQueue;

const unbondingKey = (delegator: Uint8Array, operator: Uint8Array) =>
  keyOf(PREFIX.stakingUnbonding, delegator, operator);
const unbondingOfKey = (operator: Uint8Array, delegator: Uint8Array) =>
  keyOf(PREFIX.stakingUnbondingOf, operator, delegator);

/** One without entries when there is none. */
export function getUnbonding(
  { state, params }: View,
  delegator: Uint8Array,
  operator: Uint8Array,
): Unbonding {
  const bytes = state.get(unbondingKey(delegator, operator));
  return bytes === undefined
    ? { delegator, operator, entries: [] }
    : decodeUnbonding(params, bytes);
}

export function setUnbonding({ state, params }: Context, unbonding: Unbonding): void {
  const { delegator, operator, entries } = unbonding;
  const key = unbondingKey(delegator, operator);
  if (entries.length === 0) {
    state.delete(key);
    state.delete(unbondingOfKey(operator, delegator));
    return;
  }
  state.set(key, encodeCosmos(UnbondingProto, toUnbondingProto(params, unbonding)));
  state.set(unbondingOfKey(operator, delegator), PRESENT);
}

/** Begins to unbond an amount that lies in the pool of what is not bonded. Returns when it is over. */
export function beginUnbonding(
  context: Context,
  delegator: Uint8Array,
  operator: Uint8Array,
  amount: bigint,
): bigint {
  const { state, block, params } = context;
  const completionMs = block.timeMs + params.staking.unbondingMs;
  const unbonding = getUnbonding(context, delegator, operator);
  if (unbonding.entries.length >= params.staking.maxEntries) {
    throw new RefusedError(stakingErrors.tooManyUnbondings, `${params.staking.maxEntries} entries`);
  }
  setUnbonding(context, {
    ...unbonding,
    entries: withEntry(unbonding, block.height, completionMs, amount),
  });
  enqueue(state, UNBONDING_QUEUE, completionMs, concat(delegator, operator));
  return completionMs;
}

/** What one block begins and what ends together is one entry, as `creation_height` names it. */
function withEntry(
  { entries }: Unbonding,
  creationHeight: bigint,
  completionMs: bigint,
  amount: bigint,
): UnbondingEntry[] {
  const last = entries.at(-1);
  const isSame = last?.creationHeight === creationHeight && last.completionMs === completionMs;
  if (!isSame) {
    const times = { creationHeight, completionMs };
    return [...entries, { ...times, initialBalance: amount, balance: amount }];
  }
  const { initialBalance, balance } = last;
  const grown = { initialBalance: initialBalance + amount, balance: balance + amount };
  return [...entries.slice(0, -1), { ...last, ...grown }];
}

/** Delegators that unbond from a validator, by ascending address. */
export function unbondersOf(state: Reader, operator: Uint8Array): Uint8Array[] {
  const range = keysUnder(keyOf(PREFIX.stakingUnbondingOf, operator));
  return Array.from(state.range(...range), ([key]) => key.subarray(21));
}

export function toUnbondingProto(params: View['params'], unbonding: Unbonding): UnbondingProto {
  return {
    delegatorAddress: formatAddress(params, unbonding.delegator),
    validatorAddress: formatOperator(params, unbonding.operator),
    entries: unbonding.entries.map((entry) => ({
      creationHeight: entry.creationHeight,
      completionTime: toTimestamp(entry.completionMs),
      initialBalance: entry.initialBalance.toString(),
      balance: entry.balance.toString(),
      unbondingId: 0n,
      unbondingOnHoldRefCount: 0n,
    })),
  };
}

export function decodeUnbonding(params: View['params'], bytes: Uint8Array): Unbonding {
  const { delegatorAddress, validatorAddress, entries } = readCosmos(UnbondingProto, bytes);
  return {
    delegator: parseAddress(params, delegatorAddress, 'delegator_address'),
    operator: parseOperator(params, validatorAddress, 'validator_address'),
    entries: entries.map((entry) => ({
      creationHeight: entry.creationHeight,
      completionMs: toMs(entry.completionTime),
      initialBalance: BigInt(entry.initialBalance),
      balance: BigInt(entry.balance),
    })),
  };
}
