import { BondStatus } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import type { ValidatorUpdate } from '../../application.ts';
import type { Context } from '../../context.ts';
import { dequeue, enqueue, type Queue, takeDue } from '../../due-queue.ts';
import { toByteString } from '../../store/byte-string.ts';
import { PREFIX } from '../../store/prefixes.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { startCounting } from '../slashing/signing-info.ts';
import { consensusAddress } from './consensus-key.ts';
import { moveStake } from './pools.ts';
import { removeValidator } from './stake.ts';
import { isBonded, isUnbonding, powerOf, type Validator } from './validator.ts';
import {
  clearSetChanged,
  indexedValidator,
  isSetChanged,
  lastPowers,
  setLastPower,
  setValidator,
  strongest,
} from './validators.ts';

/** Validators that left the set, by when their stake is free. Ids are operators. */
const VALIDATOR_QUEUE: Queue = PREFIX.stakingValidatorQueue;
const MAX_FREED_PER_BLOCK = 100;

/**
 * Chooses the strongest validators if powers or parameters have changed, and returns what the engine
 * must know. When nobody could be chosen the old ones go on: a chain without validators is dead.
 */
export function chooseValidators(context: Context): ValidatorUpdate[] {
  const { state, params } = context;
  if (!isSetChanged(state)) return [];
  const chosen = strongest(state, params.staking.maxValidators);
  if (chosen.length === 0) return [];
  clearSetChanged(state);
  const last = new Map(lastPowers(state).map((entry) => [toByteString(entry[0]), entry]));
  const updates: ValidatorUpdate[] = [];
  for (const operator of chosen) {
    const validator = indexedValidator(context, operator);
    const name = toByteString(operator);
    const power = powerOf(validator);
    if (!isBonded(validator)) bond(context, validator);
    if (last.get(name)?.[1] !== power) {
      setLastPower(state, operator, power);
      updates.push({ publicKey: validator.publicKey, power });
    }
    last.delete(name);
  }
  for (const [operator] of last.values()) {
    const validator = indexedValidator(context, operator);
    retire(context, validator);
    updates.push({ publicKey: validator.publicKey, power: 0n });
  }
  return updates.sort((a, b) => Buffer.compare(a.publicKey, b.publicKey));
}

/** Frees the stake of validators that left the set long enough ago. */
export function freeValidators(context: Context): void {
  const { state, block } = context;
  for (const operator of takeDue(state, VALIDATOR_QUEUE, block.timeMs, MAX_FREED_PER_BLOCK)) {
    const validator = indexedValidator(context, operator);
    if (!isUnbonding(validator)) continue;
    const free = { ...validator, status: BondStatus.BOND_STATUS_UNBONDED };
    setValidator(context, free);
    if (free.shares === 0n) removeValidator(context, free);
  }
}

function bond(context: Context, validator: Validator): void {
  if (isUnbonding(validator)) {
    dequeue(context.state, VALIDATOR_QUEUE, validator.unbondingMs, validator.operator);
  }
  moveStake(context, MODULE_ACCOUNTS.notBonded, MODULE_ACCOUNTS.bonded, validator.tokens);
  setValidator(context, {
    ...validator,
    status: BondStatus.BOND_STATUS_BONDED,
    unbondingHeight: 0n,
    unbondingMs: 0n,
  });
  // The engine lets it vote from the block after the next one on.
  startCounting(context, consensusAddress(validator.publicKey), context.block.height + 2n);
}

/** Its stake still answers for a while for what it did. */
function retire(context: Context, validator: Validator): void {
  const { state, block, params } = context;
  const unbondingMs = block.timeMs + params.staking.unbondingMs;
  moveStake(context, MODULE_ACCOUNTS.bonded, MODULE_ACCOUNTS.notBonded, validator.tokens);
  setValidator(context, {
    ...validator,
    status: BondStatus.BOND_STATUS_UNBONDING,
    unbondingHeight: block.height,
    unbondingMs,
  });
  setLastPower(state, validator.operator, 0n);
  enqueue(state, VALIDATOR_QUEUE, unbondingMs, validator.operator);
}
