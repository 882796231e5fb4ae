import type { Misbehavior } from '../../application.ts';
import type { Context } from '../../context.ts';
import { event } from '../../events.ts';
import { formatConsensusAddress } from '../staking/consensus-key.ts';
import { jail } from '../staking/jail.ts';
import { slash } from '../staking/slash.ts';
import { isUnbonded } from '../staking/validator.ts';
import { validatorAt } from '../staking/validators.ts';
import { getSigningInfo, setSigningInfo, startCounting } from './signing-info.ts';

/** 9999-12-31T23:59:59Z, Cosmos' end of time: the last second that a timestamp can hold. */
const FOREVER_MS = 253_402_300_799_000n;

/**
 * Punishes validators that signed two blocks for one height: a large slash of all stake that stood
 * behind it then, and no way back. What the engine reports it has verified, and found recent enough.
 */
export function judgeMisbehavior(context: Context, misbehavior: readonly Misbehavior[]): void {
  for (const evidence of misbehavior) judge(context, evidence);
}

function judge(context: Context, { validator: accused, height }: Misbehavior): void {
  const { state, block, params, events } = context;
  const { address, power } = accused;
  const validator = validatorAt(context, address);
  // Stake that is free by now answers for nothing.
  if (validator === undefined || isUnbonded(validator)) return;
  const info = getSigningInfo(state, address) ?? startCounting(context, address, block.height);
  if (info.tombstoned) return;
  // Voting power is that of the stakes one block earlier.
  slash(context, validator.operator, height - 1n, power, params.slashing.doubleSignSlash);
  jail(context, validator.operator);
  setSigningInfo(context, { ...info, jailedUntilMs: FOREVER_MS, tombstoned: true });
  const name = formatConsensusAddress(params, address);
  const attributes = {
    address: name,
    power: power.toString(),
    reason: 'double_sign',
    jailed: name,
  };
  events.push(event('slash', attributes));
}
