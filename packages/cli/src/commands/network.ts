import type { Command } from 'commander';
import { addNetworkAddCommand } from './network/add.ts';
import { addNetworkInitCommand } from './network/init.ts';
import { addNetworkRemoveCommand } from './network/remove.ts';
import { addNetworkSmokeCommand } from './network/smoke.ts';
import { addNetworkStartCommand } from './network/start.ts';

/** A network of validators under CometBFT, on one host or many. */
export function addNetworkCommand(program: Command): void {
  const network = program
    .command('network')
    .description('found, run and change a network of validators under CometBFT');
  addNetworkInitCommand(network);
  addNetworkStartCommand(network);
  addNetworkAddCommand(network);
  addNetworkRemoveCommand(network);
  addNetworkSmokeCommand(network);
}
