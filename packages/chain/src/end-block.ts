import type { BlockResult } from './application.ts';
import type { Context } from './context.ts';
import { endGovBlock } from './modules/gov/end-block.ts';
import { isDrawDue } from './modules/ml/draw-queue.ts';
import { endMlBlock } from './modules/ml/end-block.ts';
import { endStakingBlock } from './modules/staking/end-block.ts';

type Outcome = Required<Pick<BlockResult, 'validatorUpdates' | 'awaitsNext'>>;

/** What happens at the end of every block, after its transactions. Returns what the engine must know. */
export function endBlock(context: Context): Outcome {
  endMlBlock(context);
  const validatorUpdates = endStakingBlock(context);
  // Last: parameters do not change within a block.
  endGovBlock(context);
  return { validatorUpdates, awaitsNext: isDrawDue(context.state) };
}
