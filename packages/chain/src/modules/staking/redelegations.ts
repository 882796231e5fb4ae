import { concat } from '@semblance/core/bytes';
import { Redelegation as RedelegationProto } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import type { Context, View } from '../../context.ts';
import type { Decimal } from '../../decimal.ts';
import { enqueue, type Queue } from '../../due-queue.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX, PRESENT } from '../../store/prefixes.ts';
import { toMs, toTimestamp } from '../../time.ts';
import { encodeCosmos, readCosmos } from '../../tx/cosmos-wire.ts';
import { formatAddress, parseAddress } from '../auth/address.ts';
import { formatOperator, parseOperator } from './operator-address.ts';

/** Stake that changed its validator and still answers for what the first one did before. */
export interface RedelegationEntry {
  readonly creationHeight: bigint;
  readonly completionMs: bigint;
  readonly initialBalance: bigint;
  /** Shares of the second validator that were made of it. */
  readonly sharesMade: Decimal;
}

/** Who moved stake, from where, to where. */
export interface Path {
  readonly delegator: Uint8Array;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** One delegator's redelegations from one validator to another, the oldest first. */
export interface Redelegation extends Path {
  readonly entries: readonly RedelegationEntry[];
}

/** Redelegations by when they are over. Ids are the delegator, the source and the destination. */
export const REDELEGATION_QUEUE: Queue = PREFIX.stakingRedelegationQueue;

const pathKey = ({ delegator, from, to }: Path) =>
  keyOf(PREFIX.stakingRedelegation, delegator, from, to);
const fromKey = ({ delegator, from, to }: Path) =>
  keyOf(PREFIX.stakingRedelegationFrom, from, delegator, to);
const toKey = ({ delegator, from, to }: Path) =>
  keyOf(PREFIX.stakingRedelegationTo, to, delegator, from);

/** One without entries when there is none. */
export function getRedelegation({ state, params }: View, path: Path): Redelegation {
  const bytes = state.get(pathKey(path));
  return bytes === undefined ? { ...path, entries: [] } : decodeRedelegation(params, bytes);
}

export function setRedelegation({ state, params }: Context, redelegation: Redelegation): void {
  if (redelegation.entries.length === 0) {
    for (const keyOfKind of [pathKey, fromKey, toKey]) state.delete(keyOfKind(redelegation));
    return;
  }
  const bytes = encodeCosmos(RedelegationProto, toRedelegationProto(params, redelegation));
  state.set(pathKey(redelegation), bytes);
  state.set(fromKey(redelegation), PRESENT);
  state.set(toKey(redelegation), PRESENT);
}

export function addRedelegationEntry(context: Context, path: Path, entry: RedelegationEntry): void {
  const redelegation = getRedelegation(context, path);
  setRedelegation(context, { ...redelegation, entries: [...redelegation.entries, entry] });
  const id = concat(path.delegator, path.from, path.to);
  enqueue(context.state, REDELEGATION_QUEUE, entry.completionMs, id);
}

/** Whether stake that a delegator moved to this validator still answers for another one. */
export function hasRedelegationTo(state: Reader, delegator: Uint8Array, to: Uint8Array): boolean {
  const range = keysUnder(keyOf(PREFIX.stakingRedelegationTo, to, delegator));
  for (const _ of state.range(...range)) return true;
  return false;
}

/** All from a validator, by ascending delegator, then destination. */
export function redelegationsFrom(view: View, from: Uint8Array): Redelegation[] {
  const range = keysUnder(keyOf(PREFIX.stakingRedelegationFrom, from));
  return Array.from(view.state.range(...range), ([key]) =>
    getRedelegation(view, { delegator: key.subarray(21, 41), from, to: key.subarray(41) }),
  );
}

export function toRedelegationProto(
  params: View['params'],
  redelegation: Redelegation,
): RedelegationProto {
  return {
    delegatorAddress: formatAddress(params, redelegation.delegator),
    validatorSrcAddress: formatOperator(params, redelegation.from),
    validatorDstAddress: formatOperator(params, redelegation.to),
    entries: redelegation.entries.map((entry) => ({
      creationHeight: entry.creationHeight,
      completionTime: toTimestamp(entry.completionMs),
      initialBalance: entry.initialBalance.toString(),
      sharesDst: entry.sharesMade.toString(),
      unbondingId: 0n,
      unbondingOnHoldRefCount: 0n,
    })),
  };
}

export function decodeRedelegation(params: View['params'], bytes: Uint8Array): Redelegation {
  const proto = readCosmos(RedelegationProto, bytes);
  return {
    delegator: parseAddress(params, proto.delegatorAddress, 'delegator_address'),
    from: parseOperator(params, proto.validatorSrcAddress, 'validator_src_address'),
    to: parseOperator(params, proto.validatorDstAddress, 'validator_dst_address'),
    entries: proto.entries.map((entry) => ({
      creationHeight: entry.creationHeight,
      completionMs: toMs(entry.completionTime),
      initialBalance: BigInt(entry.initialBalance),
      sharesMade: BigInt(entry.sharesDst),
    })),
  };
}
