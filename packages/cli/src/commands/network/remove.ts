import type { Command } from 'commander';
import { partName } from '../../network/plan.ts';
import { removeNode } from '../../network/remove-node.ts';
import { removeValidator } from '../../network/remove-validator.ts';
import { type ChangeCommandOptions, runChange } from './change.ts';
import { NETWORK_HOME } from './init.ts';

interface Removed {
  readonly name: string;
  readonly kept: string;
  readonly stake_back: string | null;
}

export function addNetworkRemoveCommand(network: Command): void {
  const remove = network
    .command('remove')
    .description('take a validator or a node out of a running network');
  const command = (name: string, description: string) =>
    remove
      .command(name)
      .description(description)
      .argument('<name>', `as in network.json: ${name}-2`, partName)
      .option('--home <folder>', "the host's folder, over which network start runs", NETWORK_HOME)
      .option('--json', 'print one JSON value');

  command(
    'validator',
    "take a validator's stake back, wait until it has no vote, and stop it",
  ).action((name: string, options: ChangeCommandOptions) =>
    runChange(options, (change) => removeValidator({ ...change, name }), conclusion),
  );
  command('node', 'unregister a node, let it end its jobs, and stop it').action(
    (name: string, options: ChangeCommandOptions) =>
      runChange(options, (change) => removeNode({ ...change, name }), conclusion),
  );
}

function conclusion({ name, kept, stake_back: back }: Removed): string {
  const stake = back === null ? '' : `; its stake comes back to its account at ${back}`;
  return `${name} is out, and what it had is in ${kept}${stake}`;
}
