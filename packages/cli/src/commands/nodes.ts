import type { NodeView } from '@semblance/sequencer/views';
import type { Command } from 'commander';
import { gateway } from '../gateway.ts';
import { addGatewayOptions, type GatewayOptions } from '../options.ts';
import { counted, print, printJson, safe, sem, short, table } from '../terminal.ts';

/** The registered nodes, what they staked and how they did. */
export function addNodesCommand(program: Command): void {
  const command = program.command('nodes').description('list the nodes, their stake and record');
  addGatewayOptions(command).action(async (options: GatewayOptions) => {
    const nodes = await gateway(options.url, options.apiKey).nodes();
    if (options.json) return printJson(nodes);
    const heading = ['node', 'runtime', 'status', 'stake', 'earned', 'record'];
    const rows = nodes.map((node) => [
      short(node.address),
      safe(node.runtime),
      node.online ? node.status : `${node.status}, offline`,
      sem(node.stake),
      sem(node.earned),
      recordOf(node),
    ]);
    print(table([heading, ...rows], ''));
  });
}

/** What happened in the jobs it was drawn for, leaving out what never did. */
function recordOf(node: NodeView): string {
  const others = [
    [node.jobs_dissented, `${node.jobs_dissented} dissented`],
    [node.jobs_missed, `${node.jobs_missed} missed`],
    [node.faults, counted(node.faults, 'fault')],
  ] as const;
  const told = others.filter(([count]) => count > 0).map(([, text]) => text);
  return [`${node.jobs_agreed} agreed`, ...told].join(', ');
}
