import { MsgUpdateNodeResponseSchema, MsgUpdateNodeSchema, NodeStatus } from '@semblance/proto/ml';
import { RefusedError } from '../../../errors.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { parseAmount } from '../../bank/coin.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { mlErrors } from '../errors.ts';
import { checkEndpoint, checkLabel, checkModelIds } from '../fields.ts';
import { requireModel } from '../models.ts';
import { requireOwnNode, setNode } from '../nodes.ts';
import { mlMessage } from './message.ts';

/** An empty `add_stake` adds nothing. */
const added = (addStake: string) => (addStake === '' ? 0n : parseAmount(addStake, 'add_stake'));

export const updateNode = mlMessage({
  schema: MsgUpdateNodeSchema,
  response: MsgUpdateNodeResponseSchema,
  signer: ({ operator }) => operator,
  gas: () => 40_000n,

  validate(message, params) {
    parseAddress(params, message.operator, 'operator');
    parseAddress(params, message.node, 'node');
    added(message.addStake);
    checkModelIds(message.models, 'models');
    checkEndpoint(message.endpoint, 'endpoint');
    checkLabel(message.runtime, 'runtime');
  },

  handle(context, { operator, node: address, addStake, models, endpoint, runtime }) {
    const node = requireOwnNode(context, operator, address);
    if (node.status === NodeStatus.LEAVING) {
      throw new RefusedError(mlErrors.wrongStatus, `node: ${address} is leaving`);
    }
    for (const id of models) requireModel(context.state, id, 'models');
    const amount = added(addStake);
    const payer = parseAddress(context.params, operator, 'operator');
    transferFeeCoin(context, payer, MODULE_ACCOUNTS.stakes, amount);
    const stake = (BigInt(node.stake) + amount).toString();
    setNode(context, { ...node, stake, models: models.toSorted(), endpoint, runtime });
    return {};
  },
});
