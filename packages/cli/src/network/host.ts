import { existsSync } from 'node:fs';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import type { NodeServing } from './child.ts';
import type { Child } from './children.ts';
import { allOrNone, startGroup } from './group.ts';
import { layout, MODELS } from './layout.ts';
import { sequencerConfig } from './local-network.ts';
import { type HostPlan, isLoopback, type NodePlan, readPlan } from './plan.ts';
import { requireFree } from './ports.ts';

export interface HostOptions {
  /** Folder of the host, with its network.json. */
  readonly home: string;
  readonly signal?: AbortSignal;
  /** Told as each part becomes ready. */
  readonly onReady?: (part: string, url: string) => void;
}

/** What runs on this host of a network of validators. */
export interface Host {
  readonly validators: readonly Child[];
  readonly nodes: readonly Child[];
  readonly sequencer: Child | undefined;
  /** Of CometBFT, as `0.38.25`. */
  readonly engine: string;
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
export async function startHost({ home, signal, onReady }: HostOptions): Promise<Host> {
  const paths = layout(home);
  const plan = planOf(home);
  const { path: binary, version } = findEngine();
  await requirePorts(plan);
  return startGroup({ logs: paths.logs, signal, onReady }, async (group) => {
    const validators = await allOrNone(
      plan.validators.map(({ name, application_metrics_port: port }) =>
        group.start(name, {
          role: 'validator',
          home: paths.validator(name),
          binary,
          metrics: { host: '127.0.0.1', port },
        }),
      ),
    );
    const rpcUrlOf = (index: number) => (validators[index % validators.length] as Child).url;
    const nodes = await allOrNone(
      plan.nodes.map((node, index) =>
        group.start(node.name, {
          role: 'node',
          home: paths.node(node.name),
          keyFile: paths.key(node.name),
          rpcUrl: rpcUrlOf(index),
          models: MODELS,
          profile: node.profile,
          serve: servingOf(plan, node),
        }),
      ),
    );
    const sequencer =
      plan.gateway_port === null
        ? undefined
        : await group.start('sequencer', sequencerConfig(paths, rpcUrlOf(0), plan.gateway_port));
    return { validators, nodes, sequencer, engine: version, stop: () => group.stop() };
  });
}

async function requirePorts(plan: HostPlan): Promise<void> {
  const ports = [
    ...plan.validators.flatMap((one) => [
      one.p2p_port,
      one.rpc_port,
      one.metrics_port,
      one.application_metrics_port,
    ]),
    ...plan.nodes.map(({ port }) => port),
    ...(plan.gateway_port === null ? [] : [plan.gateway_port]),
  ];
  for (const port of ports) await requireFree('--home', port);
}

/** A node's files are for everybody; only on loopback nobody else can ask. */
function servingOf({ host }: HostPlan, { port }: NodePlan): NodeServing {
  const endpoint = `http://${host}:${port}`;
  return { host: isLoopback(host) ? '127.0.0.1' : '0.0.0.0', port, endpoint };
}
