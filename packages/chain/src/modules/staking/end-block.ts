import type { ValidatorUpdate } from '../../application.ts';
import type { Context } from '../../context.ts';
import { endRedelegations, payUnbondings } from './mature.ts';
import { chooseValidators, freeValidators } from './validator-set.ts';

/** Chooses who makes the blocks, and ends what is over. Returns what the engine must know. */
export function endStakingBlock(context: Context): ValidatorUpdate[] {
  const updates = chooseValidators(context);
  freeValidators(context);
  payUnbondings(context);
  endRedelegations(context);
  return updates;
}
