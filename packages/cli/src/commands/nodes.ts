import type { Command } from 'commander';
import { gateway } from '../gateway.ts';
import { addGatewayOptions, type GatewayOptions } from '../options.ts';
import { print, printJson, safe, sem, short, table } from '../terminal.ts';

/** The registered nodes, what they staked and how they did. */
export function addNodesCommand(program: Command): void {
  const command = program.command('nodes').description('list the nodes, their stake and record');
  addGatewayOptions(command).action(async (options: GatewayOptions) => {
    const nodes = await gateway(options.url, options.apiKey).nodes();
    if (options.json) return printJson(nodes);
    const heading = [
      'node',
      'runtime',
      'status',
      'stake',
      'agreed',
      'dissented',
      'missed',
      'faults',
    ];
    const rows = nodes.map((node) => [
      short(node.address),
      safe(node.runtime),
      node.online ? node.status : `${node.status}, offline`,
      sem(node.stake),
      ...[node.jobs_agreed, node.jobs_dissented, node.jobs_missed, node.faults].map(String),
    ]);
    print(table([heading, ...rows], ''));
  });
}
