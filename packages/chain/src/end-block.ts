import type { ValidatorUpdate } from './application.ts';
import type { Context } from './context.ts';
import { endGovBlock } from './modules/gov/end-block.ts';
import { endMlBlock } from './modules/ml/end-block.ts';
import { endStakingBlock } from './modules/staking/end-block.ts';

/** What happens at the end of every block, after its transactions. Returns what the engine must know. */
export function endBlock(context: Context): ValidatorUpdate[] {
  endMlBlock(context);
  const updates = endStakingBlock(context);
  // Last: parameters do not change within a block.
  endGovBlock(context);
  return updates;
}
