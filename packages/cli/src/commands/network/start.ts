import type { Command } from 'commander';
import { interruption } from '../../interruption.ts';
import { followPlan } from '../../network/follow-plan.ts';
import { type Host, planOf, startHost } from '../../network/host.ts';
import { buildPageIfStale } from '../../network/page.ts';
import { DEFAULT_URL } from '../../options.ts';
import { liveLines } from '../../progress.ts';
import { paint, print } from '../../terminal.ts';
import { NETWORK_HOME } from './init.ts';

export function addNetworkStartCommand(network: Command): void {
  network
    .command('start')
    .description('run what of a network is on this host, and what is added to it meanwhile')
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
    await followPlan(home, host, signal, (error) => print(`  ${reasonOf(error)}`));
  } finally {
    print('\n  stopping ...');
    await host.stop();
  }
}

/** Starts the host and says what is ready, line by line. */
async function start(home: string, count: number, signal: AbortSignal): Promise<Host> {
  const live = liveLines();
  let ready = 0;
  let onReady = (_name: string, _url: string) =>
    live.draw([`  ${paint('dim', `${++ready} of ${count} ready ...`)}`]);
  live.draw([`  ${paint('dim', 'starting the validators ...')}`]);
  try {
    const host = await startHost({
      home,
      signal,
      onReady: (name, url) => onReady(name, url),
      onEnd: (name) => print(line(name, 'stopped')),
    });
    live.clear();
    print(line('engine', `CometBFT ${host.engine}`));
    for (const { name, url } of [...host.validators, ...host.nodes]) print(line(name, url));
    // What comes later, comes because the plan has changed.
    onReady = (name, url) => print(line(name, url));
    return host;
  } catch (error) {
    live.clear();
    throw error;
  }
}

const line = (name: string, text: string) => `  ${name.padEnd(12)} ${text}`;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function whereToGo({ sequencer }: Host): string {
  if (sequencer === undefined) return '  Ctrl-C stops';
  const elsewhere = sequencer.url === DEFAULT_URL ? '' : ` --url ${sequencer.url}`;
  return [
    `  Open ${paint(['cyan', 'underline'], sequencer.url)}    Ctrl-C stops`,
    `  Try  npm run -s semblance -- generate "a photo of a cat"${elsewhere}`,
  ].join('\n');
}
