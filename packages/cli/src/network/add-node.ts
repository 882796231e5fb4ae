import { existsSync, mkdirSync } from 'node:fs';
import { type Node, NodeStatus } from '@semblance/proto/ml';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import {
  type ChangeOptions,
  changeHost,
  namesUsed,
  type RunningHost,
  requireUnused,
} from './change-host.ts';
import { nextNodeName, nodePlaces, withNode } from './changed-plan.ts';
import { keyAt, NODE_BALANCE, PREFIX } from './found.ts';
import { fundUpTo, payerOf, requireFunds } from './payer.ts';
import { profileOf, replacePlan } from './plan.ts';
import { firstFree } from './ports.ts';
import { untilLate } from './until.ts';

/* An ML node joins a network that runs. */

export interface AddNodeOptions extends ChangeOptions {
  /** Default: the next of the usual ones. */
  readonly name?: string | undefined;
  /** How it computes. Default: the next in turn. */
  readonly profile?: string | undefined;
  /** Key file of who gives it its coins. Default: the gateway's. */
  readonly payer?: string | undefined;
}

export interface AddedNode {
  readonly name: string;
  readonly home: string;
  readonly address: string;
  readonly profile: string;
  /** In the base unit. */
  readonly stake: string;
  readonly endpoint: string;
}

/** Checking a model's files and compiling it takes its time. */
const REGISTER_MS = 180_000;
const HEALTH_MS = 5_000;

/**
 * Makes the node's key, gives it its coins and puts it into the plan, and waits until `network start`
 * has started it and it has registered and staked. If that is cut short, the same name goes on.
 */
export function addNode(options: AddNodeOptions): Promise<AddedNode> {
  return changeHost(options, async (host) => {
    const { paths, plan, chain } = host;
    const { signal, tell } = options;
    const name = options.name ?? nextNodeName(namesUsed(paths, plan));
    const known = plan.nodes.find((node) => node.name === name);
    const home = paths.node(name);
    const isBegun = known !== undefined || existsSync(home);
    if (!isBegun) requireUnused(paths, plan, name);
    const payer = await payerOf(paths, options.payer);
    if (!isBegun) await requireFunds(chain, payer, NODE_BALANCE);

    // Begins it: a key without a folder is somebody's account.
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const profile = options.profile ?? profileOf(plan.nodes.length);
    const node = known ?? (await firstFree(nodePlaces(plan, name, profile), ({ port }) => [port]));
    const address = (await keyAt(paths.key(name))).address(PREFIX);
    if (isBegun) await requireUnregistered(host, name, address);
    // Before it is started, for it stakes at once.
    await fundUpTo(chain, payer, address, NODE_BALANCE, signal);
    // Written again even if nothing is new, so that a start that failed is tried again.
    replacePlan(paths.plan, known === undefined ? withNode(plan, node) : plan);
    tell(`${name}  ${home}`);
    const { stake, endpoint } = await untilRegistered(host, name, address, options);
    tell(`${name} has staked and serves at ${endpoint}`);
    return { name, home, address, profile: node.profile, stake, endpoint };
  });
}

async function requireUnregistered(
  { chain }: RunningHost,
  name: string,
  address: string,
): Promise<void> {
  if ((await chain.query.node(address)) === undefined) return;
  throw new CommandError('ALREADY_NODE', `name: ${name} is registered already`, EXIT.usage);
}

/** What the chain knows of the node, once it does and the node serves. */
function untilRegistered(
  { paths, chain }: RunningHost,
  name: string,
  address: string,
  { signal }: ChangeOptions,
): Promise<Node> {
  const late = () =>
    `${name} has not registered in ${REGISTER_MS / 1000} s; see ${paths.logs} and what network start says`;
  return untilLate({ signal, ms: REGISTER_MS }, late, async () => {
    const node = await chain.query.node(address, { signal });
    return node?.status === NodeStatus.ACTIVE && (await serves(node)) ? node : undefined;
  });
}

/** Whether the node itself answers where it says. */
async function serves({ address, endpoint }: Pick<Node, 'address' | 'endpoint'>) {
  const response = await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(HEALTH_MS) });
  return ((await response.json()) as { node?: unknown }).node === address;
}
