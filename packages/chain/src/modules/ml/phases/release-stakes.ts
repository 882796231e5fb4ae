import type { Context } from '../../../context.ts';
import { enqueue, takeDue } from '../../../due-queue.ts';
import { formatAddress, parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { getNode, removeNode } from '../nodes.ts';
import { LEAVE_QUEUE } from '../queues.ts';

/** Gives the stakes of nodes that have left back to their operators, and forgets the nodes. */
export function releaseStakes(context: Context): void {
  const { state, block, params } = context;
  for (const address of takeDue(state, LEAVE_QUEUE, block.timeMs)) {
    const node = getNode(context, formatAddress(params, address));
    if (node === undefined) continue;
    if (node.openDuties > 0) {
      // Its stake answers for what it committed: look again when that may be over.
      enqueue(state, LEAVE_QUEUE, block.timeMs + params.ml.revealWindowMs, address);
      continue;
    }
    const operator = parseAddress(params, node.operator, 'operator');
    transferFeeCoin(context, MODULE_ACCOUNTS.stakes, operator, BigInt(node.stake));
    removeNode(context, node.address);
  }
}
