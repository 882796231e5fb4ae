import type { Command } from 'commander';
import { addNetworkInitCommand } from './network/init.ts';
import { addNetworkSmokeCommand } from './network/smoke.ts';
import { addNetworkStartCommand } from './network/start.ts';

/** A network of validators under CometBFT, on one host or many. */
export function addNetworkCommand(program: Command): void {
  const network = program
    .command('network')
    .description('found and run a network of validators under CometBFT');
  addNetworkInitCommand(network);
  addNetworkStartCommand(network);
  addNetworkSmokeCommand(network);
}
