import { create } from '@bufbuild/protobuf';
import {
  type MsgRegisterNode,
  MsgRegisterNodeResponseSchema,
  MsgRegisterNodeSchema,
  NodeSchema,
  NodeStatus,
} from '@semblance/proto/ml';
import type { ChainParams } from '../../../chain-params.ts';
import type { Context } from '../../../context.ts';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { parseAmount } from '../../bank/coin.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { mlErrors } from '../errors.ts';
import { checkEndpoint, checkLabel, checkModelIds } from '../fields.ts';
import { requireModel } from '../models.ts';
import { getNode, setNode } from '../nodes.ts';
import { mlMessage } from './message.ts';

export function validateRegisterNode(message: MsgRegisterNode, params: ChainParams): void {
  parseAddress(params, message.operator, 'operator');
  parseAddress(params, message.node, 'node');
  parseAmount(message.stake, 'stake');
  checkModelIds(message.models, 'models');
  checkEndpoint(message.endpoint, 'endpoint');
  checkLabel(message.runtime, 'runtime');
}

/** A new node that may be drawn from now on. Its stake is in the stakes account already. */
export function addNode(context: Context, message: MsgRegisterNode): void {
  const { operator, node: address, stake, models, endpoint, runtime } = message;
  if (getNode(context, address) !== undefined) {
    throw new RefusedError(mlErrors.nodeExists, `node: ${address} is registered`);
  }
  const { minNodeStake } = context.params.ml;
  if (BigInt(stake) < BigInt(minNodeStake)) {
    throw new RefusedError(mlErrors.stakeTooLow, `stake: ${stake}, at least ${minNodeStake}`);
  }
  for (const id of models) requireModel(context.state, id, 'models');
  const status = NodeStatus.ACTIVE;
  const rest = { operator, stake, models: models.toSorted(), endpoint, runtime, status };
  setNode(context, create(NodeSchema, { address, ...rest }));
  context.events.push(event('node_registered', { node: address }));
}

export const registerNode = mlMessage({
  schema: MsgRegisterNodeSchema,
  response: MsgRegisterNodeResponseSchema,
  signer: ({ operator }) => operator,
  gas: () => 60_000n,
  validate: validateRegisterNode,

  handle(context, message) {
    addNode(context, message);
    const operator = parseAddress(context.params, message.operator, 'operator');
    transferFeeCoin(context, operator, MODULE_ACCOUNTS.stakes, BigInt(message.stake));
    return {};
  },
});
