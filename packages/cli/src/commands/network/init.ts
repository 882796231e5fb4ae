import { existsSync, readdirSync } from 'node:fs';
import { readManifest } from '@semblance/inference/manifest';
import { type Command, InvalidArgumentError } from 'commander';
import { embeddedModel, SERVED_MODEL } from '../../embedded-model.ts';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { foundHosts, hostHome } from '../../network/found-hosts.ts';
import { layout } from '../../network/layout.ts';
import { type HostPlan, planHosts } from '../../network/plan.ts';
import { print, printJson } from '../../terminal.ts';

export const NETWORK_HOME = '.semblance-network';

interface InitOptions {
  home: string;
  validators: number;
  nodes: number;
  host: string[];
  chainId: string;
  model: string;
  blockMs: number;
  portOffset: number;
  json?: true;
}

export function addNetworkInitCommand(network: Command): void {
  network
    .command('init')
    .description('write keys, genesis and configuration of a new network')
    .option('--home <folder>', 'where to write it; must be new or empty', NETWORK_HOME)
    .option('--validators <n>', 'how many vote on blocks', within(1, 100), 3)
    .option('--nodes <n>', 'how many run models', within(0, 100), 6)
    .option('--host <name...>', 'the machines, by which they reach each other', ['127.0.0.1'])
    .option('--chain-id <id>', 'name of the chain', 'semblance-testnet-1')
    .option('--model <id>', 'the model to serve', SERVED_MODEL)
    .option('--block-ms <n>', 'least time between two blocks', within(1, 60_000), 1000)
    .option('--port-offset <n>', 'added to every usual port', within(0, 30_000), 0)
    .option('--json', 'print one JSON value')
    .action(init);
}

async function init(options: InitOptions): Promise<void> {
  const { home } = layout(options.home);
  requireNew(home);
  requireDifferent(options.host);
  const model = await readManifest(embeddedModel(options.model));
  const plans = planHosts({
    chainId: options.chainId,
    validators: options.validators,
    nodes: options.nodes,
    hosts: options.host,
    portOf: (usual) => usual + options.portOffset,
  });
  await foundHosts(home, plans, {
    model,
    timeMs: BigInt(Date.now()),
    validators: options.validators,
    blockMs: options.blockMs,
  });
  const hosts = plans.map((plan) => ({ home: hostHome(home, plan, plans), ...plan }));
  if (options.json) return printJson(hosts);
  for (const host of hosts) print(summary(host));
  print(whatNext(home, hosts));
}

function summary({ home, host, validators, nodes }: HostPlan & { readonly home: string }): string {
  const names = [...validators, ...nodes].map(({ name }) => name).join(' ');
  return `  ${host}  ${home}\n    ${names}`;
}

function whatNext(home: string, hosts: readonly HostPlan[]): string {
  if (hosts.length === 1) {
    return `\n  Next: npm run -s semblance -- network start --home ${home}`;
  }
  return '\n  Next: copy each folder to its host, and there: network start --home FOLDER';
}

function requireNew(home: string): void {
  if (!existsSync(home) || readdirSync(home).length === 0) return;
  throw new CommandError('HOME_IN_USE', `--home: ${home} is not empty`, EXIT.usage);
}

function requireDifferent(hosts: readonly string[]): void {
  const twice = hosts.find((host, i) => hosts.indexOf(host) !== i);
  if (twice === undefined) return;
  throw new CommandError('INVALID_INPUT', `--host: ${twice} is there twice`, EXIT.usage);
}

function within(least: number, greatest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= greatest) return value;
    throw new InvalidArgumentError(`Not a whole number from ${least} to ${greatest}.`);
  };
}
