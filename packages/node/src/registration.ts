import type { Chain } from '@semblance/client/chain';
import { registerNode, unjailNode, updateNode } from '@semblance/client/messages';
import type { Signer } from '@semblance/client/signer';
import { type Node, NodeStatus, type Params } from '@semblance/proto/ml';
import { NodeSetupError } from './errors.ts';
import { type Log, reasonOf } from './log.ts';
import type { Metrics } from './metrics.ts';
import { createWaker } from './waker.ts';

/** What the chain should know about this node. */
interface Registration {
  readonly node: string;
  /** Ascending. */
  readonly models: readonly string[];
  readonly endpoint: string;
  readonly runtime: string;
  /** Staked when the node registers; in the base unit. */
  readonly stake: bigint;
  /** Ask to be let out once the jail time is over. */
  readonly unjail: boolean;
  /** Add to the stake when a penalty left less than the chain asks for. */
  readonly topUp: boolean;
}

export interface RegistrationParts {
  readonly chain: Chain;
  /** Pays the stake and answers for the node. */
  readonly operator: Signer;
  readonly registration: Registration;
  readonly metrics: Metrics;
  readonly log: Log;
}

const PERIOD_MS = 10_000;

/**
 * Registers the node, or brings what the chain knows up to date.
 *
 * Throws NodeSetupError when another operator holds the node or the stake is below the minimum.
 */
export async function register(parts: RegistrationParts, signal: AbortSignal): Promise<void> {
  const { chain, operator, registration, log } = parts;
  const { node: address, models, endpoint, runtime, stake } = registration;
  const [known, params] = await Promise.all([
    chain.query.node(address, { signal }),
    chain.query.params({ signal }),
  ]);
  const facts = {
    operator: operator.address,
    node: address,
    models: [...models],
    endpoint,
    runtime,
  };
  if (!known) {
    if (stake < BigInt(params.minNodeStake)) {
      throw new NodeSetupError(
        'STAKE_TOO_SMALL',
        `a stake of ${stake} is below the chain's minimum of ${params.minNodeStake}`,
        { stake: stake.toString(), minimum: params.minNodeStake },
      );
    }
    const message = registerNode({ ...facts, stake: stake.toString() });
    await chain.broadcast(operator, [message], { signal });
    return log('info', 'registered', { node: address, stake: stake.toString() });
  }
  if (known.operator !== operator.address) {
    throw new NodeSetupError('NODE_TAKEN', `node ${address} belongs to ${known.operator}`, {
      node: address,
      operator: known.operator,
    });
  }
  if (isCurrent(known, registration)) return;
  await chain.broadcast(operator, [updateNode({ ...facts, addStake: '0' })], { signal });
  log('info', 'registration_updated', { node: address, endpoint });
}

function isCurrent(known: Node, { models, endpoint, runtime }: Registration): boolean {
  return (
    known.endpoint === endpoint &&
    known.runtime === runtime &&
    known.models.join('\n') === models.join('\n')
  );
}

/** Watches stake, jail and balance until closed. */
export function startUpkeep(parts: RegistrationParts): { close(): Promise<void> } {
  const { chain, log } = parts;
  const closing = new AbortController();
  const { signal } = closing;
  const waker = createWaker(PERIOD_MS, signal);
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await upkeep(parts, signal).catch((error: unknown) => {
        if (!signal.aborted) log('warn', 'upkeep_failed', { reason: reasonOf(error) });
      });
      await waker.rest();
    }
  };
  const stopListening = chain.subscribe({ onResync: () => waker.wake() });
  const looping = loop();
  return {
    close: async () => {
      stopListening();
      closing.abort();
      await looping;
    },
  };
}

async function upkeep(parts: RegistrationParts, signal: AbortSignal): Promise<void> {
  const { chain, operator, registration, metrics, log } = parts;
  const [node, params, balance, status] = await Promise.all([
    chain.query.node(registration.node, { signal }),
    chain.query.params({ signal }),
    chain.query.balance(registration.node, chain.denom, { signal }),
    chain.query.status({ signal }),
  ]);
  metrics.balance.set(Number(balance));
  metrics.stake.set(Number(node?.stake ?? 0));
  metrics.jailed.set(node?.status === NodeStatus.JAILED ? 1 : 0);
  if (!node || node.status === NodeStatus.LEAVING) return;
  if (registration.topUp) await topUp(parts, node, params, signal);
  const isDue = node.status === NodeStatus.JAILED && node.jailedUntil <= BigInt(status.timeMs);
  if (registration.unjail && isDue) {
    const message = unjailNode({ operator: operator.address, node: node.address });
    await chain.broadcast(operator, [message], { signal });
    log('info', 'unjailed', { node: node.address });
  }
}

async function topUp(
  { chain, operator, registration, log }: RegistrationParts,
  node: Node,
  params: Params,
  signal: AbortSignal,
): Promise<void> {
  const stake = BigInt(node.stake);
  if (stake >= BigInt(params.minNodeStake)) return;
  const target =
    registration.stake > BigInt(params.minNodeStake)
      ? registration.stake
      : BigInt(params.minNodeStake);
  const message = updateNode({
    operator: operator.address,
    node: node.address,
    models: node.models,
    endpoint: node.endpoint,
    runtime: node.runtime,
    addStake: (target - stake).toString(),
  });
  await chain.broadcast(operator, [message], { signal });
  log('info', 'stake_topped_up', { node: node.address, added: (target - stake).toString() });
}
