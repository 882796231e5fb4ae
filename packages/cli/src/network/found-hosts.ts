import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '@semblance/client/keys';
import type { EngineConfig } from '@semblance/consensus/cometbft/config';
import {
  makeIdentity,
  type ValidatorIdentity,
  validatorHome,
  writeConfig,
} from '@semblance/consensus/cometbft/home';
import { writeGenesis } from '@semblance/consensus/genesis';
import type { Manifest } from '@semblance/inference/manifest';
import { GATEWAY_KEY, genesisOf, keyAt } from './found.ts';
import { type Layout, layout } from './layout.ts';
import { type HostPlan, isLoopback, type ValidatorPlan, validatorName, writePlan } from './plan.ts';

/* A new network of validators: a folder for every host, with the keys of that host and no others. */

export interface HostFounding {
  readonly model: Manifest;
  readonly timeMs: bigint;
  /** How many of the CometBFT nodes have a vote. */
  readonly validators: number;
  /** Least time between two blocks. */
  readonly blockMs: number;
}

/** A CometBFT node of the network, where it is and what it is known by. */
interface Engine extends ValidatorIdentity {
  readonly name: string;
  readonly account: Key;
  /** `ID@HOST:PORT` */
  readonly peer: string;
}

/** The folder of a host: the network's own if there is only one. */
export function hostHome(home: string, plan: HostPlan, plans: readonly HostPlan[]): string {
  return plans.length === 1 ? home : join(home, plan.host.replaceAll(/[^\w.-]/g, '_'));
}

/** Writes keys, genesis and configuration of every host. `home` must be new or empty. */
export async function foundHosts(
  home: string,
  plans: readonly HostPlan[],
  founding: HostFounding,
): Promise<void> {
  const hosts = plans.map((plan) => ({ plan, paths: layout(hostHome(home, plan, plans)) }));
  const engines: Engine[] = [];
  const nodes: Key[] = [];
  for (const { plan, paths } of hosts) {
    mkdirSync(paths.keys, { recursive: true, mode: 0o700 });
    for (const validator of plan.validators) engines.push(await identify(plan, paths, validator));
    for (const { name } of plan.nodes) nodes.push(await keyAt(paths.key(name)));
  }
  const [first] = hosts as [(typeof hosts)[number]];
  const genesis = genesisOf(
    { ...founding, chainId: first.plan.chain_id },
    {
      gateway: await keyAt(first.paths.key(GATEWAY_KEY)),
      validators: voters(engines, founding),
      nodes,
    },
  );
  for (const { plan, paths } of hosts) {
    writeGenesis(paths.genesis, genesis);
    for (const validator of plan.validators) {
      writeGenesis(validatorHome(paths.validator(validator.name)).genesis, genesis);
      const peers = engines.filter(({ name }) => name !== validator.name).map(({ peer }) => peer);
      configureValidator(paths, plan.host, validator, { peers, blockMs: founding.blockMs });
    }
    // Last: a folder without it was not finished.
    writePlan(paths.plan, plan);
  }
}

/** Writes the `config.toml` of a validator of this host. */
export function configureValidator(
  paths: Layout,
  host: string,
  validator: ValidatorPlan,
  network: Pick<EngineConfig, 'peers' | 'blockMs'>,
): void {
  const own = validatorHome(paths.validator(validator.name));
  writeConfig(own, {
    ...network,
    moniker: validator.name,
    application: own.socket,
    rpc: `tcp://127.0.0.1:${validator.rpc_port}`,
    p2p: `tcp://${isLoopback(host) ? '127.0.0.1' : '0.0.0.0'}:${validator.p2p_port}`,
    metrics: `127.0.0.1:${validator.metrics_port}`,
  });
}

/** How the others reach a validator of this host. */
export function peerAddress(
  nodeId: string,
  host: string,
  { p2p_port: port }: ValidatorPlan,
): string {
  return `${nodeId}@${host}:${port}`;
}

async function identify(plan: HostPlan, paths: Layout, validator: ValidatorPlan): Promise<Engine> {
  const { name } = validator;
  const identity = makeIdentity(validatorHome(paths.validator(name)));
  const peer = peerAddress(identity.nodeId, plan.host, validator);
  return { ...identity, name, peer, account: await keyAt(paths.key(name)) };
}

function voters(engines: readonly Engine[], { validators }: HostFounding) {
  return Array.from({ length: validators }, (_, index) => {
    const { name, key, account } = engines.find(
      (engine) => engine.name === validatorName(index),
    ) as Engine;
    return { name, publicKey: key.publicKey, account };
  });
}
