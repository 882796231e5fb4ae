import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@semblance/client/chain';
import { readKeyFile } from '@semblance/client/keystore';
import { toBech32 } from '@semblance/core/bech32';
import { fromUtf8 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { JobView } from '@semblance/sequencer/views';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { type Gateway, gateway } from '../gateway.ts';
import { interruption } from '../interruption.ts';
import { jobReport, progressLines } from '../job-report.ts';
import { DENOM, GATEWAY_KEY, nodeKey, PREFIX, PRODUCER_KEY, supplyOf } from '../network/found.ts';
import {
  HONEST_NODES,
  type LocalNetwork,
  type NodeSpec,
  startLocalNetwork,
} from '../network/local-network.ts';
import { liveLines } from '../progress.ts';
import { paint, print, printJson } from '../terminal.ts';

/** Answers with a picture of the same prompt under another seed: only likeness can tell. */
const CHEAT = 'cached-other-seed';
const CHEATER = 3;
const PROMPTS = ['a photo of a shark', 'a photo of a rocket', 'a photo of a cat'];
const MIN_JOBS = 2;
/** The draw decides who works; the cheat is missed this often in a row once in a thousand runs. */
const MAX_JOBS = 10;

/** A complete temporary network with one cheating node, and what became of it. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('run a temporary network with one cheating node, and show it caught')
    .option('--model <id>', 'the model to run', 'emoji-64')
    .option('--json', 'print one JSON object')
    .action(async (options: { model: string; json?: true }) => {
      const home = await mkdtemp(join(tmpdir(), 'semblance-demo-'));
      const signal = interruption();
      try {
        const tell = options.json ? () => {} : print;
        const report = await runDemo({ home, model: options.model, signal, tell });
        if (options.json) printJson(report);
        else print(conclusion(report));
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new CommandError('INTERRUPTED', 'interrupted', EXIT.interrupted, { cause: error });
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    });
}

export interface DemoReport {
  readonly jobs: readonly DemoJob[];
  readonly cheaterPaid: boolean;
  readonly supplyConserved: boolean;
  /** Files with different bytes that honest nodes delivered, over all jobs. */
  readonly distinctFiles: number;
}

interface DemoJob {
  readonly verdict: JobView['verdict'];
  readonly prompt: string;
  readonly seed: string;
  readonly committee: readonly {
    readonly node: string;
    readonly runtime: string;
    readonly sha256: string | null;
    readonly averageHash: string | null;
    readonly distance: number | null;
    readonly role: string;
    readonly honest: boolean;
  }[];
  readonly payouts: JobView['payouts'];
}

interface DemoOptions {
  readonly home: string;
  readonly model: string;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

async function runDemo({ home, model, signal, tell }: DemoOptions): Promise<DemoReport> {
  const nodes: NodeSpec[] = HONEST_NODES.map((node, n) =>
    n === CHEATER ? { ...node, adversary: CHEAT } : node,
  );
  tell(`\n  Five honest nodes and one that cheats (${CHEAT}) ...`);
  const chainId = 'semblance-demo-1';
  const network = await startLocalNetwork({
    home,
    chainId,
    model,
    nodes,
    rpcPort: 0,
    httpPort: 0,
    signal,
  });
  try {
    const cheater = await addressOf(network, nodeKey(CHEATER));
    const api = gateway(network.sequencer.url);
    const jobs: JobView[] = [];
    for (let n = 0; n < MAX_JOBS && (n < MIN_JOBS || !jobs.some(drew(cheater))); n++) {
      const job = await settle(api, promptAt(n), String(100 + n), signal);
      tell(`\n  "${job.request.prompt}"\n\n${jobReport(job, cheater)}`);
      jobs.push(job);
    }
    return {
      jobs: jobs.map((job) => demoJob(job, cheater)),
      cheaterPaid: jobs.some((job) => BigInt(job.payouts.nodes[cheater] ?? '0') > 0n),
      supplyConserved: await isSupplyConserved(network, nodes.length),
      distinctFiles: distinctHonestFiles(jobs, cheater),
    };
  } finally {
    await network.stop();
  }
}

const promptAt = (n: number): string => PROMPTS[n % PROMPTS.length] as string;

const drew = (node: string) => (job: JobView) =>
  job.committee.some((member) => member.node === node);

/** Follows a job to its verdict, whatever that is. */
async function settle(
  api: Gateway,
  prompt: string,
  seed: string,
  signal: AbortSignal,
): Promise<JobView> {
  const live = liveLines();
  let job = await api.submit({ prompt, seed });
  try {
    for await (const view of api.follow(job.id, signal)) {
      job = view;
      live.draw(progressLines(job));
    }
  } finally {
    live.clear();
  }
  if (job.status === 'settled') return job;
  throw new CommandError(
    job.error?.code ?? 'INTERRUPTED',
    job.error?.message ?? 'the answer broke off',
    EXIT.failure,
  );
}

function demoJob(job: JobView, cheater: string): DemoJob {
  return {
    verdict: job.verdict,
    prompt: job.request.prompt,
    seed: job.request.seed,
    committee: job.committee.map((member) => ({
      node: member.node,
      runtime: member.runtime,
      sha256: member.sha256,
      averageHash: member.hashes?.average ?? null,
      distance: member.distance,
      role: member.role,
      honest: member.node !== cheater,
    })),
    payouts: job.payouts,
  };
}

function distinctHonestFiles(jobs: readonly JobView[], cheater: string): number {
  const honest = jobs.flatMap((job) => job.committee.filter(({ node }) => node !== cheater));
  return new Set(honest.map(({ sha256 }) => sha256).filter(Boolean)).size;
}

/** Names of the accounts that modules hold. */
const MODULES = [
  'fee_collector',
  'community_pool',
  'ml',
  'ml_stakes',
  'ml_rewards',
  'bonded_tokens_pool',
  'not_bonded_tokens_pool',
  'distribution',
  'gov',
];

/** Adds up every account there can be, the modules' too, and compares with what genesis made. */
async function isSupplyConserved(network: LocalNetwork, nodes: number): Promise<boolean> {
  const chain = await connect(network.chain.url);
  try {
    const keys = [
      GATEWAY_KEY,
      PRODUCER_KEY,
      ...Array.from({ length: nodes }, (_, n) => nodeKey(n)),
    ];
    const owners = await Promise.all(keys.map((name) => addressOf(network, name)));
    const modules = MODULES.map(moduleAddress);
    let total = 0n;
    for (const address of [...owners, ...modules]) {
      total += await chain.query.balance(address, DENOM);
    }
    return total === supplyOf(nodes);
  } finally {
    chain.close();
  }
}

async function addressOf(network: LocalNetwork, key: string): Promise<string> {
  return (await readKeyFile(network.paths.key(key))).address(PREFIX);
}

/** As in Cosmos: the first 20 bytes of the name's hash. */
function moduleAddress(name: string): string {
  return toBech32(PREFIX, sha256(fromUtf8(name)).slice(0, 20));
}

function conclusion(report: DemoReport): string {
  const caught = report.jobs.filter((job) => job.committee.some(({ honest }) => !honest)).length;
  const times = caught === 1 ? 'once' : `${caught} times`;
  return [
    '',
    report.cheaterPaid
      ? paint('red', '  The cheat was paid.')
      : `  ${paint('green', 'The cheat was drawn')} ${times} and never paid. Its stake is whole: a vote is no proof.`,
    `  ${report.distinctFiles} different honest files; money ${report.supplyConserved ? 'conserved' : 'NOT conserved'}.`,
    '',
  ].join('\n');
}
