import { fromUint64, toUint64 } from '@semblance/core/bytes';
import type { Context, View } from '../../context.ts';
import { ApplicationError, RefusedError } from '../../errors.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX, PRESENT } from '../../store/prefixes.ts';
import { consensusAddress } from './consensus-key.ts';
import { stakingErrors } from './errors.ts';
import { formatOperator } from './operator-address.ts';
import { decodeValidator, encodeValidator, powerOf, type Validator } from './validator.ts';

const validatorKey = (operator: Uint8Array) => keyOf(PREFIX.stakingValidator, operator);
const consensusKey = (address: Uint8Array) => keyOf(PREFIX.stakingByConsensus, address);
const lastPowerKey = (operator: Uint8Array) => keyOf(PREFIX.stakingLastPower, operator);
const SET_CHANGED = keyOf(PREFIX.stakingSetChanged);

export function getValidator(view: View, operator: Uint8Array): Validator | undefined {
  const bytes = view.state.get(validatorKey(operator));
  return bytes && decodeValidator(view.params, bytes);
}

/** The validator, or a refusal. */
export function requireValidator(view: View, operator: Uint8Array): Validator {
  const validator = getValidator(view, operator);
  if (validator !== undefined) return validator;
  const name = formatOperator(view.params, operator);
  throw new RefusedError(stakingErrors.noValidator, `validator_address: ${name}`);
}

/** A validator that some index of ours names: it must be there. */
export function indexedValidator(view: View, operator: Uint8Array): Validator {
  const validator = getValidator(view, operator);
  if (validator !== undefined) return validator;
  const name = formatOperator(view.params, operator);
  throw new ApplicationError('CORRUPT_STATE', `an index names validator ${name}`, {});
}

/** Operator of the validator whose key has this consensus address. */
export function operatorAt(state: Reader, address: Uint8Array): Uint8Array | undefined {
  return state.get(consensusKey(address));
}

export function validatorAt(view: View, address: Uint8Array): Validator | undefined {
  const operator = operatorAt(view.state, address);
  return operator && indexedValidator(view, operator);
}

/** Writes a validator, and its place among those that can be chosen. */
export function setValidator({ state, params }: Context, validator: Validator): void {
  const key = validatorKey(validator.operator);
  const before = state.get(key);
  const oldRank = before && rankKey(decodeValidator(params, before));
  state.set(key, encodeValidator(params, validator));
  moveRank(state, oldRank, rankKey(validator));
}

/** Writes a new validator and the way to it from its consensus address. */
export function addValidator(context: Context, validator: Validator): void {
  const { operator, publicKey } = validator;
  context.state.set(consensusKey(consensusAddress(publicKey)), operator);
  setValidator(context, validator);
}

/** Forgets a validator that has no stake. */
export function deleteValidator({ state }: Context, { operator, publicKey }: Validator): void {
  state.delete(validatorKey(operator));
  state.delete(consensusKey(consensusAddress(publicKey)));
}

/** All validators by ascending operator address. */
export function* allValidators({ state, params }: View): Generator<Validator> {
  for (const [, bytes] of state.range(...keysUnder(keyOf(PREFIX.stakingValidator)))) {
    yield decodeValidator(params, bytes);
  }
}

/**
 * Key under which a validator that may be chosen is ranked: by power, then the lower operator
 * address first, when it is read from the end. None for one that is jailed or has no power.
 */
function rankKey(validator: Validator): Uint8Array | undefined {
  const power = powerOf(validator);
  if (validator.jailed || power === 0n) return undefined;
  return keyOf(PREFIX.stakingByPower, fromUint64(power), validator.operator.map(inverse));
}

const inverse = (byte: number) => 0xff - byte;

function moveRank(state: State, from: Uint8Array | undefined, to: Uint8Array | undefined): void {
  const isSame = from !== undefined && to !== undefined && Buffer.compare(from, to) === 0;
  if (isSame || (from === undefined && to === undefined)) return;
  if (from !== undefined) state.delete(from);
  if (to !== undefined) state.set(to, PRESENT);
  markSetChanged(state);
}

/** Operators of the validators with the most power, at most `count`, the strongest first. */
export function strongest(state: Reader, count: number): Uint8Array[] {
  const operators: Uint8Array[] = [];
  for (const [key] of state.rangeReverse(...keysUnder(keyOf(PREFIX.stakingByPower)))) {
    if (operators.length === count) break;
    operators.push(key.subarray(9).map(inverse));
  }
  return operators;
}

/** Has the set that makes blocks be chosen again at the end of the block. */
export function markSetChanged(state: State): void {
  state.set(SET_CHANGED, PRESENT);
}

export function isSetChanged(state: Reader): boolean {
  return state.get(SET_CHANGED) !== undefined;
}

export function clearSetChanged(state: State): void {
  state.delete(SET_CHANGED);
}

/** Powers of the validators that the engine was told of last, by ascending operator address. */
export function lastPowers(state: Reader): [operator: Uint8Array, power: bigint][] {
  const entries = state.range(...keysUnder(keyOf(PREFIX.stakingLastPower)));
  return Array.from(entries, ([key, value]) => [key.subarray(1), toUint64(value)]);
}

/** Power 0 takes the validator out. */
export function setLastPower(state: State, operator: Uint8Array, power: bigint): void {
  if (power === 0n) state.delete(lastPowerKey(operator));
  else state.set(lastPowerKey(operator), fromUint64(power));
}
