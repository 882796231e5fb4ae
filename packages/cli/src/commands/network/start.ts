import type { Command } from 'commander';
import { aborted, interruption } from '../../interruption.ts';
import { type Host, planOf, startHost } from '../../network/host.ts';
import { buildPageIfStale } from '../../network/page.ts';
import { DEFAULT_URL } from '../../options.ts';
import { liveLines } from '../../progress.ts';
import { paint, print } from '../../terminal.ts';
import { NETWORK_HOME } from './init.ts';

export function addNetworkStartCommand(network: Command): void {
  network
    .command('start')
    .description('run what of a network is on this host')
    .option('--home <folder>', "the host's folder", NETWORK_HOME)
    .action(async ({ home }: { home: string }) => {
      const signal = interruption();
      try {
        await serve(home, signal);
      } catch (error) {
        // What an interrupted start has to say is of no interest.
        if (!signal.aborted) throw error;
      }
      print('  stopped');
    });
}

async function serve(home: string, signal: AbortSignal): Promise<void> {
  const plan = planOf(home);
  print(`\n${paint('bold', 'Semblance')}  ${plan.chain_id} on ${plan.host}\n`);
  if (plan.gateway_port !== null) await buildPageIfStale();
  const host = await start(home, plan.validators.length + plan.nodes.length, signal);
  try {
    print(`\n${whereToGo(host)}\n`);
    await aborted(signal);
  } finally {
    print('\n  stopping ...');
    await host.stop();
  }
}

/** Starts the host and says what is ready, line by line. */
async function start(home: string, count: number, signal: AbortSignal): Promise<Host> {
  const live = liveLines();
  let ready = 0;
  live.draw([`  ${paint('dim', 'starting the validators ...')}`]);
  try {
    const host = await startHost({
      home,
      signal,
      onReady: () => live.draw([`  ${paint('dim', `${++ready} of ${count} ready ...`)}`]),
    });
    live.clear();
    print(`  engine       CometBFT ${host.engine}`);
    for (const { name, url } of host.validators) print(`  ${name.padEnd(12)} ${url}`);
    for (const { name, url } of host.nodes) print(`  ${name.padEnd(12)} ${url}`);
    return host;
  } catch (error) {
    live.clear();
    throw error;
  }
}

function whereToGo({ sequencer }: Host): string {
  if (sequencer === undefined) return '  Ctrl-C stops';
  const elsewhere = sequencer.url === DEFAULT_URL ? '' : ` --url ${sequencer.url}`;
  return [
    `  Open ${paint(['cyan', 'underline'], sequencer.url)}    Ctrl-C stops`,
    `  Try  npm run -s semblance -- generate "a photo of a cat"${elsewhere}`,
  ].join('\n');
}
