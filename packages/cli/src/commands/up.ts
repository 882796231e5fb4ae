import { join } from 'node:path';
import { SemblanceError } from '@semblance/core/errors';
import type { JobView } from '@semblance/sequencer/views';
import type { Command } from 'commander';
import { SERVED_MODEL } from '../embedded-model.ts';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { type Gateway, gateway } from '../gateway.ts';
import { aborted, interruption } from '../interruption.ts';
import { jobReport } from '../job-report.ts';
import { fileNameOf, runJob, writePicture } from '../make-picture.ts';
import { foundedModel } from '../network/founded-model.ts';
import { layout } from '../network/layout.ts';
import { HONEST_NODES, type LocalNetwork, startLocalNetwork } from '../network/local-network.ts';
import { buildPageIfStale } from '../network/page.ts';
import { choosePort } from '../network/ports.ts';
import { DEFAULT_URL } from '../options.ts';
import { pictureLines } from '../picture.ts';
import { liveLines } from '../progress.ts';
import { counted, paint, print, safe } from '../terminal.ts';

const PROMPT = 'a photo of a hamburger';
/** Honest results are alike nearly always, not always: the next seed is tried when they are not. */
const SEEDS = ['7', '8', '9'];
const HTTP_PORT = 8080;
const RPC_PORT = 26_657;
/** Those of the Cosmos SDK. */
const REST_PORT = 1317;
const GRPC_PORT = 9090;
/** As many jobs as the gateway lists at once. */
const RECENT = 100;

interface UpOptions {
  home: string;
  model?: string;
  port?: string;
  rpcPort?: string;
  restPort?: string;
  grpcPort?: string;
}

/** Everything on this machine: six nodes on a chain, a gateway, a page, and a first picture. */
export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('start a network of six nodes on this machine, with a web page')
    .option('--home <folder>', 'where the network keeps its state', '.semblance')
    .option('--model <id>', `the model to serve (default: the network's own, or ${SERVED_MODEL})`)
    .option('--port <n>', `of the web page and HTTP API (default: ${HTTP_PORT}, or any free one)`)
    .option('--rpc-port <n>', `of the chain's RPC (default: ${RPC_PORT}, or any free one)`)
    .option('--rest-port <n>', `of its REST for wallets (default: ${REST_PORT}, or any free one)`)
    .option('--grpc-port <n>', `of its gRPC (default: ${GRPC_PORT}, or any free one)`)
    .action(async (options: UpOptions) => {
      const interrupted = interruption();
      try {
        await serve(options, interrupted);
      } catch (error) {
        // What an interrupted start or a job cut short has to say is of no interest.
        if (!interrupted.aborted) throw error;
      }
      print(`  stopped; the next start goes on from here (${layout(options.home).home})`);
    });
}

async function serve(options: UpOptions, interrupted: AbortSignal): Promise<void> {
  print(`\n${paint('bold', 'Semblance')}  a network that agrees by likeness\n`);
  const network = await start(options, interrupted);
  try {
    await welcome(network, interrupted);
    print(`\n${whereToGo(network.sequencer.url)}\n`);
    await aborted(interrupted);
  } finally {
    print('\n  stopping ...');
    await network.stop();
  }
}

async function start(options: UpOptions, signal: AbortSignal): Promise<LocalNetwork> {
  const live = liveLines();
  const ready: string[] = [];
  const draw = (line: string) => live.draw([...ready, `  ${paint('dim', line)}`]);
  let nodes = 0;
  try {
    const rpcPort = await choosePort('--rpc-port', options.rpcPort, RPC_PORT);
    const httpPort = await choosePort('--port', options.port, HTTP_PORT);
    const apiPorts = {
      rest: await choosePort('--rest-port', options.restPort, REST_PORT),
      grpc: await choosePort('--grpc-port', options.grpcPort, GRPC_PORT),
    };
    draw('building the page ...');
    await buildPageIfStale();
    draw('starting the chain ...');
    const network = await startLocalNetwork({
      home: options.home,
      chainId: 'semblance-local-1',
      model: options.model ?? foundedModel(layout(options.home))?.id ?? SERVED_MODEL,
      nodes: HONEST_NODES,
      rpcPort,
      httpPort,
      apiPorts,
      signal,
      onReady(part, url) {
        if (part.startsWith('node-')) nodes++;
        else ready.push(`  ${part.padEnd(10)} ${url}`);
        draw(`nodes      ${nodes} of ${HONEST_NODES.length} ready ...`);
      },
    });
    live.clear();
    const count = network.nodes.length;
    print(`  chain      ${network.chain.url}`);
    print(`  REST       ${network.chain.restUrl}, gRPC ${network.chain.grpcUrl}`);
    print(`  nodes      ${count} of ${count} ready, no two of which compute alike`);
    print(`  gateway    ${network.sequencer.url}\n`);
    return network;
  } catch (error) {
    live.clear();
    throw error instanceof SemblanceError && error.code === 'HOME_IN_USE'
      ? homeInUse(options.home, error)
      : error;
  }
}

function homeInUse(home: string, cause: SemblanceError): CommandError {
  const message = `--home: a network is running from ${layout(home).home} already`;
  return new CommandError('HOME_IN_USE', message, EXIT.usage, { cause });
}

/** A first picture on a network that has none yet; else where it stands. */
async function welcome(network: LocalNetwork, signal: AbortSignal): Promise<void> {
  const api = gateway(network.sequencer.url);
  const recent = await api.jobs(RECENT);
  const settled = recent.filter((job) => job.status === 'settled');
  const [last] = settled;
  if (last === undefined) return firstPicture(network, api, signal);
  const many = recent.length === RECENT ? 'at least ' : '';
  print(`  Going on from where it was: ${many}${counted(settled.length, 'settled job')}.`);
  print(`\n  Last: "${safe(last.request.prompt)}"\n\n${jobReport(last)}`);
}

async function firstPicture(
  network: LocalNetwork,
  api: Gateway,
  signal: AbortSignal,
): Promise<void> {
  print(`  First picture: "${PROMPT}", run by three nodes that the chain draws`);
  const job = await firstAgreement(api, signal);
  const file = join(network.paths.images, fileNameOf(PROMPT, job.request.seed));
  await writePicture(api, job, file);
  for (const line of await pictureLines(file)) print(`  ${line}`);
  print(`\n${jobReport(job)}\n  picture   ${file}`);
}

async function firstAgreement(api: Gateway, signal: AbortSignal): Promise<JobView> {
  for (const seed of SEEDS.slice(0, -1)) {
    try {
      return await runJob(api, { prompt: PROMPT, seed }, signal);
    } catch (error) {
      const undecided = error instanceof CommandError && error.details.exitCode === EXIT.noVerdict;
      if (!undecided) throw error;
      print(`  seed ${seed}: ${error.message}; trying another`);
    }
  }
  return runJob(api, { prompt: PROMPT, seed: SEEDS.at(-1) as string }, signal);
}

/** The page, a command to try, and how the command line finds a network on an unusual port. */
function whereToGo(url: string): string {
  const elsewhere = url === DEFAULT_URL ? '' : ` --url ${url}`;
  return [
    `  Open ${paint(['cyan', 'underline'], url)}    Ctrl-C stops`,
    `  Try  npm run -s semblance -- generate "a photo of a castle"${elsewhere}`,
  ].join('\n');
}
