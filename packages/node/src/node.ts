import { mkdir } from 'node:fs/promises';
import { connect } from '@semblance/client/chain';
import { NotIncludedError, UnreachableError } from '@semblance/client/errors';
import type { Key } from '@semblance/client/keys';
import type { RuntimeProfile } from '@semblance/inference/profiles';
import { conductOf } from './adversaries/conducts.ts';
import { lockHome } from './home-lock.ts';
import { createApp, startHttp } from './http.ts';
import { type Log, reasonOf } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openModels } from './models.ts';
import { pause } from './pause.ts';
import { createProgressHub } from './progress.ts';
import { register, startUpkeep } from './registration.ts';
import { createRunQueue } from './run-queue.ts';
import { openRunStore } from './run-store.ts';
import { startWorker } from './worker.ts';

export interface NodeOptions {
  /** Directory of this node alone; made when missing. */
  readonly home: string;
  readonly rpcUrl: string;
  /** Signs commitments and reveals, and registers the node unless `operator` does. */
  readonly key: Key;
  readonly operator?: Key | undefined;
  /** Bech32 prefix of addresses. */
  readonly prefix: string;
  readonly modelsDir: string;
  /** Models to serve; all in `modelsDir` that the chain knows when not given. */
  readonly models?: readonly string[] | undefined;
  readonly profile: RuntimeProfile;
  /** Where to serve; port 0 takes any. */
  readonly host: string;
  readonly port: number;
  /** Address that others reach this node by; the one served at when not given. */
  readonly endpoint?: string | undefined;
  /** Base units staked at registration. */
  readonly stake: bigint;
  /** Name of a conduct; "honest" when not given. */
  readonly adversary?: string | undefined;
  readonly unjail: boolean;
  readonly topUp: boolean;
  readonly diskQuotaBytes: number;
  readonly idleUnloadMs: number;
  readonly log: Log;
  /** Gives up starting when aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface NodeHandle {
  readonly address: string;
  readonly endpoint: string;
  /** Drops the running model, lets messages that are being sent fail, keeps all that was saved. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/**
 * Starts a node: waits for the chain, checks the models, serves, registers, does its duties.
 *
 * Throws NodeSetupError, ModelFileError or InvalidInputError when it cannot work as set up.
 */
export async function startNode(options: NodeOptions): Promise<NodeHandle> {
  const conduct = conductOf(options.adversary ?? 'honest');
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const closers: (() => unknown)[] = [lockHome(options.home)];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await start(options, conduct, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function start(
  options: NodeOptions,
  conduct: ReturnType<typeof conductOf>,
  closers: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<NodeHandle> {
  const { key, prefix, log, host, profile, signal = new AbortController().signal } = options;
  const signer = key.signer(prefix);
  const chain = await untilReachable(() => connect(options.rpcUrl, { signal }), options, signal);
  closers.push(() => chain.close());
  const runs = await openRunStore(options.home, options.diskQuotaBytes);
  const models = await openModels({
    modelsDir: options.modelsDir,
    wanted: options.models,
    profile,
    registered: await untilReachable(() => chain.query.models({ signal }), options, signal),
    idleUnloadMs: options.idleUnloadMs,
    log,
  });
  closers.push(() => models.close());
  const queue = createRunQueue();
  const progress = createProgressHub();
  const metrics = createMetrics({ queue: () => queue.size(), storedBytes: () => runs.usedBytes() });
  const health = () => ({
    status: 'ok',
    node: signer.address,
    chain_id: chain.chainId,
    models: models.ids,
    runtime: profile.name,
    queue: queue.size(),
  });
  const server = await startHttp(
    createApp({ runs, progress, metrics, health }),
    host,
    options.port,
  );
  closers.push(() => server.close());
  const endpoint = options.endpoint ?? `http://${host}:${server.port}`;
  const parts = {
    chain,
    operator: (options.operator ?? key).signer(prefix),
    registration: {
      node: signer.address,
      models: models.ids,
      endpoint,
      runtime: profile.name,
      stake: options.stake,
      unjail: options.unjail,
      topUp: options.topUp,
    },
    metrics,
    log,
  };
  await untilReachable(() => register(parts, signal), options, signal);
  const upkeep = startUpkeep(parts);
  closers.push(() => upkeep.close());
  const { addressBytes } = key;
  const worker = startWorker({
    chain,
    signer,
    addressBytes,
    conduct,
    models,
    runs,
    queue,
    progress,
    metrics,
    log,
  });
  closers.push(() => worker.close());
  log('info', 'started', { node: signer.address, endpoint, runtime: profile.name });
  return { address: signer.address, endpoint, stop };
}

/** Tries again, ever more slowly, while the chain does not answer or makes no blocks. */
async function untilReachable<T>(
  attempt: () => Promise<T>,
  { rpcUrl, log }: NodeOptions,
  signal: AbortSignal,
): Promise<T> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
    try {
      return await attempt();
    } catch (error) {
      const isPassing = error instanceof UnreachableError || error instanceof NotIncludedError;
      if (!isPassing) throw error;
      log('warn', 'chain_unreachable', { rpcUrl, reason: reasonOf(error) });
      await pause(waitMs, signal);
    }
  }
}
