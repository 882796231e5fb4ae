import type { Chain } from '@semblance/client/chain';
import { verdictName } from '@semblance/client/receipt';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { Job } from '@semblance/proto/ml';
import type { Accounts } from './accounts/keystore.ts';
import { createRateLimit } from './accounts/rate-limit.ts';
import { createArtifacts } from './artifacts/artifacts.ts';
import { createRecentBlocks } from './chain/blocks.ts';
import { firstBlockHash } from './chain/first-block.ts';
import { followChain } from './chain/follow.ts';
import { openLedger } from './chain/ledger.ts';
import { createReceipts } from './chain/receipts.ts';
import type { Ending } from './ending.ts';
import { createEventStreams } from './http/event-streams.ts';
import type { Services } from './http/services.ts';
import { createBoard } from './jobs/board.ts';
import { createIntake } from './jobs/intake.ts';
import { resumeJobs } from './jobs/resume.ts';
import { createSubmitter } from './jobs/submitter.ts';
import type { Limits } from './limits.ts';
import { type Log, reasonOf } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createCatalog } from './models/catalog.ts';
import { readManifests } from './models/manifests.ts';
import { createNodeDirectory } from './nodes/directory.ts';
import { createProgressFeed } from './nodes/progress-feed.ts';
import type { Stores } from './stores.ts';

export interface CoreParts {
  readonly home: string;
  readonly chain: Chain;
  readonly stores: Stores;
  readonly accounts: Accounts;
  readonly modelsDir: string;
  readonly limits: Limits;
  readonly log: Log;
  readonly ending: Ending;
  /** Ends what is being fetched. */
  readonly signal: AbortSignal;
}

export type Core = Omit<Services, 'localKey' | 'pageDir'>;

/** Everything behind the HTTP surface, at work: jobs left open by an earlier run are taken up. */
export async function startCore(parts: CoreParts): Promise<Core> {
  const { home, chain, stores, accounts, limits, log, ending, signal } = parts;
  const ledger = openLedger(home, chain, await firstBlockHash(chain, signal, log));
  ending.add(() => ledger.close());
  const catalog = createCatalog(chain, await readManifests(parts.modelsDir, log));
  await catalog.models();

  const directory = createNodeDirectory(chain, () => {
    feed.follow(directory.all());
    submitter.wake();
  });
  const board = createBoard({
    chain,
    store: stores.jobs,
    modelOf: (id) => catalog.known(id),
    runtimeOf: (node) => directory.get(node)?.runtime ?? '',
    onSettled: (job) => {
      submitter.wake();
      observeSettled(metrics, job);
      fetchResult(job);
    },
  });
  const feed = createProgressFeed((node, progress) => board.tell(node, progress), log);
  ending.add(() => feed.close());
  const sending = new AbortController();
  const submitter = createSubmitter({
    chain,
    board,
    store: stores.jobs,
    accounts,
    activeNodes: (model) => directory.activeFor(model),
    onBatch: (size) => metrics.batches.observe(size),
    signal: sending.signal,
    log,
  });
  ending.add(() => {
    sending.abort();
    return submitter.idle();
  });
  const artifacts = createArtifacts({
    chain,
    cache: stores.cache,
    holders: (sha256) => board.holders(sha256),
    endpointOf: (node) => directory.get(node)?.endpoint,
    maxFileBytes: async () => (await catalog.params()).maxFileBytes,
    onFound: (source) => metrics.artifacts.inc({ source }),
    signal,
    log,
  });
  /** Whoever asked for the picture comes for it next. */
  const fetchResult = ({ resultSha256 }: Job): void => {
    if (resultSha256.length !== 32) return;
    artifacts(toHex(resultSha256)).catch((error: unknown) =>
      log('info', 'a result was not fetched yet', { reason: reasonOf(error) }),
    );
  };
  /** Whoever asks for a job looks at what it begins from; the block that holds it comes later. */
  const keepInputs = (inputs: readonly Uint8Array[]): void => {
    for (const file of inputs) {
      stores.cache
        .put(toHex(sha256(file)), file)
        .catch((error: unknown) =>
          log('warn', 'an input was not kept', { reason: reasonOf(error) }),
        );
    }
  };
  const streams = createEventStreams(limits.eventStreams);
  const metrics = createMetrics({
    waiting: () => stores.jobs.countWaiting(),
    inFlight: () => board.inFlight().length,
    activeNodes: () => directory.active().length,
    onlineNodes: () => directory.all().filter(({ address }) => feed.isOnline(address)).length,
    height: () => Number(watch.height()),
    eventStreams: () => streams.count(),
  });

  await directory.refresh();
  submitter.add(await resumeJobs(chain, stores.jobs, board));
  const watch = followChain(chain, { board, ledger, directory, catalog, submitter });
  ending.add(() => watch.stop());

  const intake = createIntake({
    chain,
    store: stores.jobs,
    accounts,
    rateLimit: createRateLimit(limits.jobsPerSecond, limits.jobsAtOnce),
    limits,
    params: () => catalog.params(),
    onAccepted: (jobs, inputs) => {
      keepInputs(inputs);
      metrics.accepted.inc(jobs.length);
      for (const job of jobs) board.track(job);
      submitter.add(jobs);
    },
  });
  return {
    chain,
    catalog,
    store: stores.jobs,
    board,
    intake,
    artifacts,
    receiptOf: createReceipts(chain, signal),
    directory,
    feed,
    ledger,
    recentBlocks: createRecentBlocks(chain),
    apiKeys: stores.apiKeys,
    streams,
    metrics,
    limits,
    isChainLive: () => watch.isLive(),
    waitingJobs: () => stores.jobs.countWaiting(),
    log,
  };
}

function observeSettled(metrics: Metrics, { verdict, settledAt, submittedAt }: Job): void {
  metrics.settled.inc({ verdict: verdictName(verdict) ?? 'unknown' });
  metrics.latency.observe(Number(settledAt - submittedAt) / 1000);
}
