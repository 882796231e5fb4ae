import { existsSync } from 'node:fs';
import type { Key } from '@semblance/client/keys';
import { unregisterNode } from '@semblance/client/messages';
import { type Node, NodeStatus } from '@semblance/proto/ml';
import {
  type ChangeOptions,
  changeHost,
  namesOf,
  putAside,
  type RunningHost,
  unknownPart,
} from './change-host.ts';
import { without } from './changed-plan.ts';
import { keyAt, PREFIX } from './found.ts';
import { planOf } from './host.ts';
import { type Layout, layout } from './layout.ts';
import { type HostPlan, replacePlan } from './plan.ts';
import { untilLate } from './until.ts';

/* An ML node leaves a network that goes on: it ends the jobs that it was drawn for, and is stopped afterwards. */

export interface RemoveNodeOptions extends ChangeOptions {
  readonly name: string;
}

export interface RemovedNode {
  readonly name: string;
  /** Folder with its key and all that it knew. */
  readonly kept: string;
  /** When its stake comes back to its account, ISO 8601; null if it had none. */
  readonly stake_back: string | null;
}

/** As long as a job may last. */
const DUTIES_MS = 60 * 60_000;

/**
 * Unregisters the node, so that it is drawn no more, waits until it owes nothing to any job, then takes
 * it out of the plan and waits until `network start` has stopped it. If that is cut short, it can be
 * run again.
 */
export async function removeNode(options: RemoveNodeOptions): Promise<RemovedNode> {
  const { home, name, signal, tell } = options;
  requireThere(layout(home), planOf(home), name);
  return changeHost(options, async (host) => {
    const { paths, plan } = host;
    requireThere(paths, plan, name);
    const key = await keyAt(paths.key(name));
    const node = await unregistered(host, key, signal);
    if (node !== undefined) {
      tell(`${name} is drawn no more`);
      await untilIdle(host, name, node, signal);
    }
    replacePlan(paths.plan, without(plan, name));
    const kept = await putAside(paths, name, 'node', signal);
    tell(`${name} is stopped`);
    const stakeBack = node && new Date(Number(node.leavesAt)).toISOString();
    return { name, kept, stake_back: stakeBack ?? null };
  });
}

/** Throws CommandError unless the host has this node, or what an unfinished change has left of it. */
function requireThere(paths: Layout, { nodes }: HostPlan, name: string): void {
  const there = namesOf(nodes);
  if (there.includes(name) || existsSync(paths.node(name))) return;
  throw unknownPart('node', name, there);
}

/** The node, which leaves; undefined if the chain does not know it. */
async function unregistered(
  { chain }: RunningHost,
  key: Key,
  signal: AbortSignal,
): Promise<Node | undefined> {
  const signer = key.signer(PREFIX);
  const ask = () => chain.query.node(signer.address, { signal });
  const node = await ask();
  if (node === undefined || node.status === NodeStatus.LEAVING) return node;
  const message = unregisterNode({ operator: node.operator, node: node.address });
  await chain.broadcast(signer, [message], { signal });
  return ask();
}

function untilIdle(
  { chain }: RunningHost,
  name: string,
  { address }: Node,
  signal: AbortSignal,
): Promise<true> {
  const late = () => `${name} still has jobs to end; run this again later`;
  return untilLate({ signal, ms: DUTIES_MS }, late, async () =>
    (await chain.query.duties(address, { signal })).length === 0 ? true : undefined,
  );
}
