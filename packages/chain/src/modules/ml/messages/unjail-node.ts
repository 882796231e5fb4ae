import { MsgUnjailNodeResponseSchema, MsgUnjailNodeSchema, NodeStatus } from '@semblance/proto/ml';
import { RefusedError } from '../../../errors.ts';
import { parseAddress } from '../../auth/address.ts';
import { mlErrors } from '../errors.ts';
import { requireOwnNode, setNode } from '../nodes.ts';
import { mlMessage } from './message.ts';

export const unjailNode = mlMessage({
  schema: MsgUnjailNodeSchema,
  response: MsgUnjailNodeResponseSchema,
  signer: ({ operator }) => operator,
  gas: () => 30_000n,

  validate({ operator, node }, params) {
    parseAddress(params, operator, 'operator');
    parseAddress(params, node, 'node');
  },

  handle(context, { operator, node: address }) {
    const node = requireOwnNode(context, operator, address);
    if (node.status !== NodeStatus.JAILED) {
      throw new RefusedError(mlErrors.wrongStatus, `node: ${address} is not jailed`);
    }
    if (context.block.timeMs < node.jailedUntil) {
      throw new RefusedError(mlErrors.wrongStatus, `node: jailed until ${node.jailedUntil}`);
    }
    setNode(context, { ...node, status: NodeStatus.ACTIVE, jailedUntil: 0n });
    return {};
  },
});
