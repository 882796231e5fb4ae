import { join } from 'node:path';
import { readManifest } from '@semblance/inference/manifest';
import { PROFILES } from '@semblance/inference/profiles';
import { embeddedModel } from '../embedded-model.ts';
import type { ApiPorts, ChildConfig } from './child.ts';
import type { Child } from './children.ts';
import { foundNetwork, GATEWAY_KEY, nodeKey } from './found.ts';
import { allOrNone, startGroup } from './group.ts';
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
  return startGroup({ logs: paths.logs, ...options }, async (group) => {
    const chain = await group.start('chain', {
      role: 'chain',
      home: paths.chain,
      genesis: paths.genesis,
      validatorKey: paths.validatorKey,
      port: options.rpcPort,
      ...(options.apiPorts && { apiPorts: options.apiPorts }),
    });
    const nodes = await allOrNone(
      options.nodes.map((node, index) =>
        group.start(nodeKey(index), {
          role: 'node',
          home: paths.node(String(index + 1)),
          keyFile: paths.key(nodeKey(index)),
          rpcUrl: chain.url,
          models: MODELS,
          ...node,
        }),
      ),
    );
    const sequencer = await group.start(
      'sequencer',
      sequencerConfig(paths, chain.url, options.httpPort),
    );
    return { paths, chain, nodes, sequencer, stop: () => group.stop() };
  });
}

/** The gateway with its web page, over the account that pays for the jobs of this machine's users. */
export function sequencerConfig(paths: Layout, rpcUrl: string, port: number): ChildConfig {
  return {
    role: 'sequencer',
    home: paths.sequencer,
    keyFile: paths.key(GATEWAY_KEY),
    rpcUrl,
    models: MODELS,
    page: PAGE,
    port,
  };
}
