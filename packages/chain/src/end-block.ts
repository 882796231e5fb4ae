import type { Context } from './context.ts';
import { endMlBlock } from './modules/ml/end-block.ts';
import { payProducer } from './modules/producers/keeper.ts';

/** What happens at the end of every block, after its transactions. */
export function endBlock(context: Context): void {
  endMlBlock(context);
  payProducer(context);
}
