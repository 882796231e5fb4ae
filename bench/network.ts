import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { checkReceipt } from '@semblance/client/check-receipt';
import { type Gateway, gateway } from '../packages/cli/src/gateway.ts';
import {
  HONEST_NODES,
  type LocalNetwork,
  startLocalNetwork,
} from '../packages/cli/src/network/local-network.ts';
import type { Measurement } from './measure.ts';
import { MODEL, REQUEST } from './model.ts';

const JOBS = 15;
/** What a process needs to give back what it has freed. */
const REST_MS = 10_000;

/** What the whole network adds to bare inference, and how much memory it takes. */
export async function wholeNetwork(): Promise<Measurement[]> {
  const home = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  const network = await startLocalNetwork({
    home,
    chainId: 'semblance-bench-2',
    model: MODEL,
    nodes: HONEST_NODES,
    rpcPort: 0,
    httpPort: 0,
  });
  try {
    // Memory after the jobs: every node has loaded and run its model by then, and then waits.
    const first = await overhead(network);
    await setTimeout(REST_MS);
    return [first, ...memory(network)];
  } finally {
    await network.stop();
    await rm(home, { recursive: true });
  }
}

/**
 * Submission to verified receipt, over the seconds that the model itself ran in the slowest committee
 * member of the same job, as that member measured it. Median of several jobs on warm nodes.
 */
async function overhead(network: LocalNetwork): Promise<Measurement> {
  const api = gateway(network.sequencer.url);
  for (let n = 0; n < HONEST_NODES.length; n++) await timedJob(network, api, 1000 + n);
  const jobs: { total: number; slowest: number }[] = [];
  for (let n = 0; n < JOBS; n++) jobs.push(await timedJob(network, api, n));
  jobs.sort((a, b) => a.total / a.slowest - b.total / b.slowest);
  const { total, slowest } = jobs[Math.floor(JOBS / 2)] as (typeof jobs)[number];
  return {
    name: 'submission to verified receipt',
    ours: `${total.toFixed(2)} s (median of ${JOBS} jobs, committees of 3)`,
    beside: `${slowest.toFixed(2)} s of inference in the slowest member`,
    ratio: total / slowest,
    aim: 'under 1.25',
  };
}

async function timedJob(network: LocalNetwork, api: Gateway, seed: number) {
  const before = await inferenceSeconds(network);
  const started = performance.now();
  let job = await api.submit({ prompt: REQUEST.prompt, seed: String(seed), model: MODEL });
  for await (const view of api.follow(job.id)) job = view;
  const [receipt, ...entries] = await Promise.all([
    fetch(`${network.sequencer.url}/v1/receipts/${job.id}`).then((answer) => answer.json()),
    ...job.committee.map(async ({ sha256 }) => {
      const name = sha256 ?? '';
      return [name, await api.artifact(name)] as const;
    }),
  ]);
  const files = new Map(entries);
  const { valid, checks } = checkReceipt(receipt, files);
  const total = (performance.now() - started) / 1000;
  if (!valid) throw new Error(JSON.stringify(checks.filter(({ outcome }) => outcome === 'fail')));
  const after = await inferenceSeconds(network);
  return { total, slowest: Math.max(...after.map((seconds, n) => seconds - (before[n] ?? 0))) };
}

/** Seconds that each node's model has run so far. */
function inferenceSeconds(network: LocalNetwork): Promise<number[]> {
  return Promise.all(
    network.nodes.map(async ({ url }) => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const sums = metrics.matchAll(/^semblance_node_inference_seconds_sum\S* (\S+)$/gm);
      return [...sums].reduce((sum, [, value]) => sum + Number(value), 0);
    }),
  );
}

function memory(network: LocalNetwork): Measurement[] {
  const nodes = network.nodes.map(({ pid }) => residentMiB(pid));
  const others = [network.chain, network.sequencer].map(({ pid }) => residentMiB(pid));
  const largest = Math.max(...nodes);
  const whole = [...nodes, ...others].reduce((a, b) => a + b, 0);
  return [
    {
      name: 'memory of an idle node',
      ours: `${largest.toFixed(0)} MiB (the largest of six)`,
      beside: 'of 300 MB',
      ratio: largest / 286,
      aim: 'under 1',
    },
    {
      name: 'memory of the whole network',
      ours: `${whole.toFixed(0)} MiB`,
      beside: 'of 3 GB',
      ratio: whole / 2861,
      aim: 'under 1',
    },
  ];
}

/** Resident set of a process, from Linux' own books. */
function residentMiB(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
