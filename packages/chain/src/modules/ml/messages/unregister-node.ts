import {
  MsgUnregisterNodeResponseSchema,
  MsgUnregisterNodeSchema,
  NodeStatus,
} from '@semblance/proto/ml';
import { enqueue } from '../../../due-queue.ts';
import { RefusedError } from '../../../errors.ts';
import { parseAddress } from '../../auth/address.ts';
import { mlErrors } from '../errors.ts';
import { requireOwnNode, setNode } from '../nodes.ts';
import { LEAVE_QUEUE } from '../queues.ts';
import { mlMessage } from './message.ts';

export const unregisterNode = mlMessage({
  schema: MsgUnregisterNodeSchema,
  response: MsgUnregisterNodeResponseSchema,
  signer: ({ operator }) => operator,
  gas: () => 30_000n,

  validate({ operator, node }, params) {
    parseAddress(params, operator, 'operator');
    parseAddress(params, node, 'node');
  },

  handle(context, { operator, node: address }) {
    const { state, block, params } = context;
    const node = requireOwnNode(context, operator, address);
    if (node.status === NodeStatus.LEAVING) {
      throw new RefusedError(mlErrors.wrongStatus, `node: ${address} is leaving already`);
    }
    const leavesAt = block.timeMs + params.ml.unbondingMs;
    setNode(context, { ...node, status: NodeStatus.LEAVING, leavesAt });
    enqueue(state, LEAVE_QUEUE, leavesAt, parseAddress(params, address, 'node'));
    return {};
  },
});
