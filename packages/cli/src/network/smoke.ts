import { readManifest } from '@semblance/inference/manifest';
import { embeddedModel } from '../embedded-model.ts';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { type Gateway, gateway } from '../gateway.ts';
import type { Child } from './children.ts';
import { appHashAt, signersIn, statusOf } from './comet.ts';
import { foundHosts } from './found-hosts.ts';
import { startHost } from './host.ts';
import { planHosts } from './plan.ts';
import { freePorts } from './ports.ts';
import { until } from './until.ts';

export interface SmokeOptions {
  /** An empty folder. */
  readonly home: string;
  readonly validators: number;
  readonly model: string;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

export interface SmokeReport {
  readonly engine: string;
  readonly validators: number;
  /** Jobs that came to a verdict, with the money paid out or given back. */
  readonly settled: number;
  /** Where each validator's chain stood in the end. */
  readonly heights: readonly number[];
  /** Whether all validators' applications computed the same hash at every height. */
  readonly appHashesEqual: boolean;
  /** Whether the validator that was killed caught up and votes again. */
  readonly recovered: boolean;
}

const NODES = 6;
const JOBS = 20;
/** Half of what a picture needs: this is about the chain. */
const STEPS = 10;
/** The kill comes in the midst of the jobs. */
const SETTLED_BEFORE_KILL = 5;
const BLOCK_MS = 500;
const TIMEOUT_MS = 10 * 60_000;
const RECOVERY_MS = 60_000;
const PROMPTS = ['a photo of a shark', 'a photo of a rocket', 'a photo of a cat'];

/**
 * A network from nothing: settles jobs, ends a validator with `kill -9` meanwhile, waits until it
 * is back, and compares what the validators' applications computed. Throws if it takes too long.
 */
export async function runSmoke(options: SmokeOptions): Promise<SmokeReport> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = AbortSignal.any([options.signal, timeout]);
  let settled = 0;
  const onSettled = (count: number) => {
    settled = count;
    options.tell(`${count} of ${JOBS} jobs settled`);
  };
  try {
    await found(options);
    return await exercise({ ...options, signal }, onSettled);
  } catch (error) {
    if (!timeout.aborted || options.signal.aborted) throw error;
    const message = `not done in ${TIMEOUT_MS / 60_000} minutes, ${settled} of ${JOBS} jobs settled`;
    throw new CommandError('TIMEOUT', message, EXIT.failure, { cause: error });
  }
}

async function exercise(
  { home, signal, tell }: SmokeOptions,
  onSettled: (count: number) => void,
): Promise<SmokeReport> {
  const host = await startHost({ home, signal, onReady: (part, url) => tell(`${part}  ${url}`) });
  try {
    const { engine, validators, sequencer } = host;
    const midst = Promise.withResolvers<void>();
    const jobs = settleJobs(gateway((sequencer as Child).url), signal, (count) => {
      onSettled(count);
      if (count === SETTLED_BEFORE_KILL) midst.resolve();
    });
    await Promise.race([midst.promise, jobs]);
    tell(`kill -9 of ${validators.at(-1)?.name}`);
    const [recovered, settled] = await Promise.all([killAndWait(validators, signal), jobs]);
    return {
      engine: `cometbft ${engine}`,
      validators: validators.length,
      settled,
      ...(await compare(validators)),
      recovered,
    };
  } finally {
    await host.stop();
  }
}

async function found({ home, validators, model }: SmokeOptions): Promise<void> {
  const ports = await freePorts(4 * validators + NODES + 1);
  const plans = planHosts({
    chainId: 'semblance-smoke-1',
    validators,
    nodes: NODES,
    hosts: ['127.0.0.1'],
    portOf: () => ports.pop() as number,
  });
  const timeMs = BigInt(Date.now());
  await foundHosts(home, plans, {
    model: await readManifest(embeddedModel(model)),
    timeMs,
    validators,
    blockMs: BLOCK_MS,
  });
}

/** Submits all jobs at once and tells how many have settled whenever one more has. */
async function settleJobs(
  api: Gateway,
  signal: AbortSignal,
  onSettled: (count: number) => void,
): Promise<number> {
  let settled = 0;
  const jobs = Array.from({ length: JOBS }, async (_, n) => {
    await settle(api, n, signal);
    onSettled(++settled);
  });
  await Promise.all(jobs);
  return settled;
}

async function settle(api: Gateway, n: number, signal: AbortSignal): Promise<void> {
  const prompt = PROMPTS[n % PROMPTS.length] as string;
  let job = await api.submit({ prompt, seed: String(n), steps: STEPS });
  for await (const view of api.follow(job.id, signal)) job = view;
  if (job.status === 'settled') return;
  const { code, message } = job.error ?? { code: 'INTERRUPTED', message: 'the answer broke off' };
  throw new CommandError(code, message, EXIT.failure);
}

/** Ends the last validator and waits until it has caught up and votes. False if it does not. */
async function killAndWait(validators: readonly Child[], signal: AbortSignal): Promise<boolean> {
  const [witness, victim] = [validators[0] as Child, validators.at(-1) as Child];
  const { address } = await statusOf(victim.url);
  const { pid } = victim;
  victim.kill();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(RECOVERY_MS)]);
  try {
    const caughtUp = await until(deadline, async () => {
      if (victim.pid === pid) return undefined;
      const [status, { height }] = await Promise.all([statusOf(victim.url), statusOf(witness.url)]);
      return !status.isCatchingUp && status.height >= height ? height : undefined;
    });
    // A vote in a block stands there for the block before, which nobody had voted on yet.
    return await until(deadline, async () => {
      const { height } = await statusOf(witness.url);
      if (height < caughtUp + 2) return undefined;
      return (await signersIn(witness.url, height)).includes(address) ? true : undefined;
    });
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) return false;
    throw error;
  }
}

/** Every height that all validators have executed. */
async function compare(
  validators: readonly Child[],
): Promise<Pick<SmokeReport, 'heights' | 'appHashesEqual'>> {
  const urls = validators.map(({ url }) => url);
  const heights = (await Promise.all(urls.map(statusOf))).map(({ height }) => height);
  // The last block may be stored and not executed yet.
  const last = Math.min(...heights) - 1;
  let appHashesEqual = last > 0;
  for (let height = 1; height <= last && appHashesEqual; height++) {
    const hashes = await Promise.all(urls.map((url) => appHashAt(url, height)));
    appHashesEqual = new Set(hashes).size === 1;
  }
  return { heights, appHashesEqual };
}
