import { existsSync } from 'node:fs';
import { type EngineBinary, findEngine } from '@semblance/consensus/cometbft/binary';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import type { ChildConfig, NodeServing } from './child.ts';
import type { Child } from './children.ts';
import { allOrNone, everyStep, type Group, startGroup } from './group.ts';
import { type Layout, layout, MODELS } from './layout.ts';
import { sequencerConfig } from './local-network.ts';
import {
  type HostPlan,
  isLoopback,
  type NodePlan,
  portsOf,
  readPlan,
  type ValidatorPlan,
} from './plan.ts';
import { requireFree } from './ports.ts';

export interface HostOptions {
  /** Folder of the host, with its network.json. */
  readonly home: string;
  readonly signal?: AbortSignal;
  /** Told as each part becomes ready. */
  readonly onReady?: (part: string, url: string) => void;
  /** Told as one part is stopped while the others go on. */
  readonly onEnd?: (part: string) => void;
}

/** What runs on this host of a network of validators. */
export interface Host {
  /** In the order of the plan. */
  readonly validators: readonly Child[];
  readonly nodes: readonly Child[];
  readonly sequencer: Child | undefined;
  /** Of CometBFT, as `0.38.25`. */
  readonly engine: string;
  /** Starts what a changed plan has more, then stops what it has no more; the rest goes on. */
  follow(plan: HostPlan): Promise<void>;
  stop(): Promise<void>;
}

/** The plan in a host's folder. */
export function planOf(home: string): HostPlan {
  const { plan } = layout(home);
  if (existsSync(plan)) return readPlan(plan);
  const message = `--home: no network in ${layout(home).home}; make one with: network init`;
  throw new CommandError('NO_NETWORK', message, EXIT.usage);
}

/**
 * Starts everything of a host. Parts that die are restarted. A chain whose other validators are not
 * there yet makes no blocks, and the nodes wait for it.
 */
export async function startHost({ home, ...told }: HostOptions): Promise<Host> {
  const paths = layout(home);
  const plan = planOf(home);
  const engine = findEngine();
  await requirePorts(plan);
  return startGroup({ logs: paths.logs, ...told }, async (group) => {
    const host = hostOf(group, paths, engine);
    await host.follow(plan);
    return host;
  });
}

/** A part that asks a validator of this host about the chain. */
interface Asker {
  readonly child: Child;
  /** Name of the validator. */
  readonly asks: string;
}

export const SEQUENCER = 'sequencer';

function hostOf(group: Group, paths: Layout, { path: binary, version }: EngineBinary): Host {
  let plan: HostPlan | undefined;
  const validators = new Map<string, Child>();
  const askers = new Map<string, Asker>();

  async function startEngineOf(validator: ValidatorPlan): Promise<void> {
    const { name, application_metrics_port: port } = validator;
    if (validators.has(name)) return;
    const home = paths.validator(name);
    const metrics = { host: '127.0.0.1', port };
    validators.set(name, await group.start(name, { role: 'validator', home, binary, metrics }));
  }

  /** A part that runs goes on asking whom it asks; it is started anew if that one leaves. */
  async function startAsker(
    next: HostPlan,
    name: string,
    index: number,
    configOf: (rpcUrl: string) => ChildConfig,
  ): Promise<void> {
    const before = askers.get(name);
    if (before !== undefined) {
      if (next.validators.some((validator) => validator.name === before.asks)) return;
      await endAsker(name, before);
    }
    const running = next.validators.filter((validator) => validators.has(validator.name));
    const asks = running[index % running.length]?.name;
    const url = asks && validators.get(asks)?.url;
    if (!url) throw new CommandError('NO_VALIDATOR', `${name} has nobody to ask`, EXIT.failure);
    askers.set(name, { child: await group.start(name, configOf(url)), asks });
  }

  function startNodeOf(next: HostPlan, node: NodePlan, index: number): Promise<void> {
    const { name, profile } = node;
    return startAsker(next, name, index, (rpcUrl) => ({
      role: 'node',
      home: paths.node(name),
      keyFile: paths.key(name),
      rpcUrl,
      models: MODELS,
      profile,
      serve: servingOf(next, node),
    }));
  }

  async function startSequencerOf(next: HostPlan): Promise<void> {
    const { gateway_port: port } = next;
    if (port === null) return;
    await startAsker(next, SEQUENCER, 0, (rpcUrl) => sequencerConfig(paths, rpcUrl, port));
  }

  async function endAsker(name: string, { child }: Asker): Promise<void> {
    askers.delete(name);
    await group.end(child);
  }

  async function endAllBut(next: HostPlan): Promise<void> {
    const names = new Set([...next.validators, ...next.nodes].map(({ name }) => name));
    if (next.gateway_port !== null) names.add(SEQUENCER);
    for (const [name, asker] of askers) if (!names.has(name)) await endAsker(name, asker);
    for (const [name, child] of validators) {
      if (names.has(name)) continue;
      validators.delete(name);
      await group.end(child);
    }
  }

  return {
    get validators() {
      return plan?.validators.flatMap(({ name }) => validators.get(name) ?? []) ?? [];
    },
    get nodes() {
      return plan?.nodes.flatMap(({ name }) => askers.get(name)?.child ?? []) ?? [];
    },
    get sequencer() {
      return askers.get(SEQUENCER)?.child;
    },
    engine: version,
    async follow(next) {
      plan = next;
      // Who leaves has to go even if somebody who comes cannot be started.
      await everyStep([
        () => allOrNone(next.validators.map(startEngineOf)),
        () => allOrNone(next.nodes.map((node, index) => startNodeOf(next, node, index))),
        () => startSequencerOf(next),
        () => endAllBut(next),
      ]);
    },
    stop: () => group.stop(),
  };
}

async function requirePorts(plan: HostPlan): Promise<void> {
  for (const port of portsOf(plan)) await requireFree('--home', port);
}

/** A node's files are for everybody; only on loopback nobody else can ask. */
function servingOf({ host }: HostPlan, { port }: NodePlan): NodeServing {
  const endpoint = `http://${host}:${port}`;
  return { host: isLoopback(host) ? '127.0.0.1' : '0.0.0.0', port, endpoint };
}
