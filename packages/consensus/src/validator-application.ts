import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ApplicationOptions, createApplication } from '@semblance/chain/app';
import type { Application } from '@semblance/chain/application';
import { CountedStore } from '@semblance/chain/census';
import { serveAbci } from './abci/server.ts';
import { lockHome } from './home-lock.ts';
import { Lifetime } from './lifetime.ts';
import type { ListenAddress } from './listen.ts';
import { createApplicationMetrics } from './metrics/application-metrics.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';
import { SnapshotFiles } from './snapshots/keeper.ts';
import { openDatabase, openEnvironment } from './store/environment.ts';
import { LmdbStore } from './store/lmdb-store.ts';
import type { ValidatorKey } from './validator-key.ts';

export interface ValidatorApplicationOptions {
  /** Directory of the application's state; made if missing. One process at a time. */
  readonly home: string;
  readonly chainId: string;
  /** `unix://PATH` or `tcp://HOST:PORT` on loopback; port 0 takes any free one. */
  readonly address: string;
  /** Of the validator, whose votes it extends. Left out by a node that is none. */
  readonly validatorKey?: ValidatorKey;
  /** Blocks from one snapshot to the next, a multiple of 100. Default 1000. */
  readonly snapshotEvery?: bigint;
  /** Where Prometheus may ask how it does. Default: nowhere. */
  readonly metrics?: ListenAddress;
  /** Stops it when it aborts. */
  readonly signal?: AbortSignal;
  /** Told of requests that made no sense. Default: standard error. */
  readonly report?: (error: unknown) => void;
}

export interface ValidatorApplication {
  /** For the engine's `proxy_app`. */
  readonly address: string;
  /** Stop the engine first: it does not outlive its application. */
  stop(): Promise<void>;
  /** Settles when it has stopped; rejects with the reason if the application failed. */
  readonly stopped: Promise<void>;
}

/** A newcomer replays at most as many blocks. */
const SNAPSHOT_EVERY = 1000n;
const SNAPSHOTS_KEPT = 2;

/** Makes an application of what is on the disk. */
export type ApplicationFactory = (options: ApplicationOptions) => Application;

/** Runs an application for a consensus engine, in this process: Semblance's, unless told otherwise. */
export async function startValidatorApplication(
  options: ValidatorApplicationOptions,
  create: ApplicationFactory = createApplication,
): Promise<ValidatorApplication> {
  const { home, chainId, validatorKey, signal, report = (error) => console.error(error) } = options;
  signal?.throwIfAborted();
  const lifetime = new Lifetime();
  try {
    mkdirSync(home, { recursive: true });
    lifetime.onEnd(lockHome(home));
    const data = join(home, 'data');
    const environment = openEnvironment(data);
    lifetime.onEnd(() => environment.close());
    const store = new CountedStore(new LmdbStore(openDatabase(environment, 'state')));
    const snapshots = new SnapshotFiles({
      data,
      root: join(home, 'snapshots'),
      every: options.snapshotEvery ?? SNAPSHOT_EVERY,
      keep: SNAPSHOTS_KEPT,
      report,
    });
    lifetime.onEnd(() => snapshots.close());
    const metrics = createApplicationMetrics({
      stateBytes: () => sizeOf(data),
      census: () => store.census,
    });
    if (options.metrics !== undefined) {
      const served = await serveMetrics(metrics.registry, options.metrics);
      lifetime.onEnd(() => served.close());
    }
    const application = create({ store, chainId, snapshots });
    const server = await serveAbci(metrics.watch(application), {
      address: options.address,
      ...(validatorKey && { extend: (input) => validatorKey.extension(input) }),
      report,
      onFailure: (error) =>
        lifetime.fail(error instanceof Error ? error : new Error(String(error))),
    });
    lifetime.onEnd(() => server.close());
    signal?.addEventListener('abort', () => void lifetime.end(), { once: true });
    return { address: server.address, stop: () => lifetime.end(), stopped: lifetime.ended };
  } catch (error) {
    await lifetime.close();
    throw error;
  }
}

/** The database's file; room that it has given up is used again before it grows. */
function sizeOf(data: string): number {
  return statSync(join(data, 'data.mdb'), { throwIfNoEntry: false })?.size ?? 0;
}
