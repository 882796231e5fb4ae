import { join } from 'node:path';
import { readManifest } from '@semblance/inference/manifest';
import { PROFILES } from '@semblance/inference/profiles';
import { embeddedModel } from '../embedded-model.ts';
import type { ApiPorts } from './child.ts';
import { type Child, startChild } from './children.ts';
import { foundNetwork, GATEWAY_KEY, nodeKey } from './found.ts';
import { type Layout, layout, MODELS, REPOSITORY } from './layout.ts';

/** A node to run: how it computes, and whether it cheats. */
export interface NodeSpec {
  readonly profile: string;
  readonly adversary?: string;
}

export interface LocalNetworkOptions {
  readonly home: string;
  readonly chainId: string;
  /** Model id: a folder under models/. */
  readonly model: string;
  readonly nodes: readonly NodeSpec[];
  /** 0 takes any free port. */
  readonly rpcPort: number;
  readonly httpPort: number;
  /** Of the chain's REST and gRPC, which are served only if this is given. */
  readonly apiPorts?: ApiPorts;
  /** Gives up starting; a network that has started is stopped by its `stop`. */
  readonly signal?: AbortSignal;
  /** Told as each part becomes ready. */
  readonly onReady?: (part: string, url: string) => void;
}

/** A whole network on this machine: chain, nodes and sequencer, each a process of its own. */
export interface LocalNetwork {
  readonly paths: Layout;
  readonly chain: Child;
  readonly nodes: readonly Child[];
  readonly sequencer: Child;
  stop(): Promise<void>;
}

/** Six honest nodes, no two of which compute alike. */
export const HONEST_NODES: readonly NodeSpec[] = PROFILES.map(({ name }) => ({ profile: name }));

const PAGE = join(REPOSITORY, 'apps/playground/dist');

/** Founds the network if there is none in `home`, and starts it. */
export async function startLocalNetwork(options: LocalNetworkOptions): Promise<LocalNetwork> {
  const paths = layout(options.home);
  await foundNetwork(paths, {
    chainId: options.chainId,
    nodes: options.nodes.length,
    model: await readManifest(embeddedModel(options.model)),
    timeMs: BigInt(Date.now()),
  });
  const started: Child[] = [];
  try {
    const start = async (name: string, config: Parameters<typeof startChild>[1]) => {
      const log = join(paths.logs, `${name}.log`);
      const child = await startChild(name, config, log, options.signal);
      started.push(child);
      options.onReady?.(name, child.url);
      return child;
    };
    const chain = await start('chain', {
      role: 'chain',
      home: paths.chain,
      genesis: paths.genesis,
      validatorKey: paths.validatorKey,
      port: options.rpcPort,
      ...(options.apiPorts && { apiPorts: options.apiPorts }),
    });
    const nodes = await allOrNone(
      options.nodes.map((node, index) =>
        start(`node-${index + 1}`, {
          role: 'node',
          home: paths.node(index),
          keyFile: paths.key(nodeKey(index)),
          rpcUrl: chain.url,
          models: MODELS,
          ...node,
        }),
      ),
    );
    const sequencer = await start('sequencer', {
      role: 'sequencer',
      home: paths.sequencer,
      keyFile: paths.key(GATEWAY_KEY),
      rpcUrl: chain.url,
      models: MODELS,
      page: PAGE,
      port: options.httpPort,
    });
    return { paths, chain, nodes, sequencer, stop: () => stopAll(started) };
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

/** All results, or the first failure once everything has come to an end, so that nothing leaks. */
async function allOrNone<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

/** Who depends on others stops first, so that nobody logs the loss of what was meant to end. */
async function stopAll(started: readonly Child[]): Promise<void> {
  const [chain, ...others] = started;
  await Promise.all(others.map((child) => child.stop()));
  await chain?.stop();
}
