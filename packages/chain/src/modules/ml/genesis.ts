import {
  create,
  fromJson,
  equals as isEqualMessage,
  type JsonValue,
  mergeFromJson,
} from '@bufbuild/protobuf';
import { InvalidInputError } from '@semblance/core/errors';
import {
  GenesisStateSchema,
  type Model,
  type MsgRegisterNode,
  MsgRegisterNodeSchema,
  type Node,
  NodeSchema,
  type Params,
  ParamsSchema,
} from '@semblance/proto/ml';
import type { ChainParams } from '../../chain-params.ts';
import type { Context } from '../../context.ts';
import { at, readList, readObject } from '../../genesis-json.ts';
import { createAccountIfMissing } from '../auth/keeper.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { mint } from '../bank/keeper.ts';
import { addModel, validateModel } from './messages/register-model.ts';
import { addNode, validateRegisterNode } from './messages/register-node.ts';
import { defaultParams, validateParams } from './params.ts';

export interface MlGenesis {
  readonly models: readonly Model[];
  readonly nodes: readonly MsgRegisterNode[];
}

/** Proto JSON of the params, laid over the defaults. */
export function parseParams(value: unknown): Params {
  const params = create(ParamsSchema, defaultParams());
  if (value !== undefined) {
    readJson('ml.params', () => mergeFromJson(ParamsSchema, params, value as JsonValue));
  }
  validateParams(params, 'ml.params');
  return params;
}

/** The ml section of a genesis, checked but for what only state can tell. */
export function parseMlGenesis(value: unknown, params: ChainParams): MlGenesis {
  const ml = readObject(value, 'ml', ['params', 'models', 'nodes', 'jobs']);
  if (readList(ml.jobs, 'ml.jobs').length > 0) {
    throw new InvalidInputError('ml.jobs', 'a chain begins without jobs');
  }
  const models = readList(ml.models, 'ml.models');
  const nodes = readList(ml.nodes, 'ml.nodes');
  const { models: parsedModels, nodes: parsedNodes } = readJson('ml', () =>
    fromJson(GenesisStateSchema, { models: [...models], nodes: [...nodes] } as JsonValue),
  );
  for (const [i, model] of parsedModels.entries()) {
    at(`ml.models[${i}]`, () => validateModel(model, params));
  }
  const registrations = parsedNodes.map((node, i) =>
    at(`ml.nodes[${i}]`, () => toRegistration(node, params)),
  );
  return { models: parsedModels, nodes: registrations };
}

/** Registers models and nodes. The stakes come on top of the balances that genesis gives out. */
export function writeMlGenesis(context: Context, { models, nodes }: MlGenesis): void {
  const { state, params } = context;
  for (const model of models) addModel(context, model);
  for (const registration of nodes) {
    addNode(context, registration);
    const stake = { denom: params.ml.bondDenom, amount: BigInt(registration.stake) };
    createAccountIfMissing(state, MODULE_ACCOUNTS.stakes);
    mint(state, MODULE_ACCOUNTS.stakes, stake);
  }
}

/** A node in genesis is a new one: nothing but what its operator would register. */
function toRegistration(node: Node, params: ChainParams): MsgRegisterNode {
  const { address, operator, stake, models, endpoint, runtime } = node;
  const onlyThese = create(NodeSchema, { address, operator, stake, models, endpoint, runtime });
  if (!isEqualMessage(NodeSchema, node, onlyThese)) {
    throw new InvalidInputError('status', 'a node begins without a history');
  }
  const fields = { operator, node: address, stake, models, endpoint, runtime };
  const registration = create(MsgRegisterNodeSchema, fields);
  validateRegisterNode(registration, params);
  return registration;
}

function readJson<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new InvalidInputError(path, cause instanceof Error ? cause.message : 'unreadable', {
      cause,
    });
  }
}
