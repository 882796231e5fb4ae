import { Delegation as DelegationProto } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import type { Context, View } from '../../context.ts';
import type { Decimal } from '../../decimal.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX, PRESENT } from '../../store/prefixes.ts';
import { encodeCosmos, readCosmos } from '../../tx/cosmos-wire.ts';
import { formatAddress, parseAddress } from '../auth/address.ts';
import { formatOperator, parseOperator } from './operator-address.ts';

/** A delegator's share of a validator. */
export interface Delegation {
  readonly delegator: Uint8Array;
  readonly operator: Uint8Array;
  readonly shares: Decimal;
}

const delegationKey = (delegator: Uint8Array, operator: Uint8Array) =>
  keyOf(PREFIX.stakingDelegation, delegator, operator);
const delegatorKey = (operator: Uint8Array, delegator: Uint8Array) =>
  keyOf(PREFIX.stakingDelegator, operator, delegator);

export function getDelegation(
  { state, params }: View,
  delegator: Uint8Array,
  operator: Uint8Array,
): Delegation | undefined {
  const bytes = state.get(delegationKey(delegator, operator));
  return bytes && decodeDelegation(params, bytes);
}

/** Writes a delegation; one without shares is none. */
export function setDelegation({ state, params }: Context, delegation: Delegation): void {
  const { delegator, operator, shares } = delegation;
  const key = delegationKey(delegator, operator);
  if (shares === 0n) {
    state.delete(key);
    state.delete(delegatorKey(operator, delegator));
    return;
  }
  state.set(key, encodeCosmos(DelegationProto, toDelegationProto(params, delegation)));
  state.set(delegatorKey(operator, delegator), PRESENT);
}

/** All of a delegator's, by ascending operator address. */
export function* delegationsOf(view: View, delegator: Uint8Array): Generator<Delegation> {
  const range = keysUnder(keyOf(PREFIX.stakingDelegation, delegator));
  for (const [, bytes] of view.state.range(...range)) yield decodeDelegation(view.params, bytes);
}

export function hasDelegation(state: Reader, delegator: Uint8Array): boolean {
  const range = keysUnder(keyOf(PREFIX.stakingDelegation, delegator));
  for (const _ of state.range(...range)) return true;
  return false;
}

/** Everybody's who delegates to a validator, by ascending address. */
export function* delegatorsOf(state: Reader, operator: Uint8Array): Generator<Uint8Array> {
  const range = keysUnder(keyOf(PREFIX.stakingDelegator, operator));
  for (const [key] of state.range(...range)) yield key.subarray(21);
}

export function toDelegationProto(params: View['params'], delegation: Delegation) {
  return {
    delegatorAddress: formatAddress(params, delegation.delegator),
    validatorAddress: formatOperator(params, delegation.operator),
    shares: delegation.shares.toString(),
  };
}

export function decodeDelegation(params: View['params'], bytes: Uint8Array): Delegation {
  const { delegatorAddress, validatorAddress, shares } = readCosmos(DelegationProto, bytes);
  return {
    delegator: parseAddress(params, delegatorAddress, 'delegator_address'),
    operator: parseOperator(params, validatorAddress, 'validator_address'),
    shares: BigInt(shares),
  };
}
