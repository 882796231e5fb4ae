import { type MlEvent, mlEvents } from '@semblance/client/events';
import type { Notice } from '@semblance/client/feed';
import { toHex } from '@semblance/core/bytes';
import type { Job } from '@semblance/proto/ml';
import { createDispatch, type DispatchParts } from './dispatch.ts';
import { nextDuty } from './duty.ts';
import { reasonOf } from './log.ts';
import { createOutcomes } from './outcomes.ts';
import type { RunQueue } from './run-queue.ts';
import { createRunner, type RunnerParts } from './runner.ts';
import { createWaker } from './waker.ts';

export interface WorkerParts extends RunnerParts, DispatchParts {
  readonly queue: RunQueue;
}

/** Does a node's duties until closed. */
export interface Worker {
  close(): Promise<void>;
}

/** The feed wakes the worker at once; this is for what the feed may have missed. */
const PERIOD_MS = 5_000;
/** A model that fails twice on one request will not succeed the third time. */
const MAX_ATTEMPTS = 2;

/**
 * Starts doing duties: reads them from the chain at the start, whenever the feed tells of one,
 * after every reconnect and every few seconds, and takes each one step further.
 */
export function startWorker(parts: WorkerParts): Worker {
  const { chain, signer, runs, queue, metrics, log } = parts;
  const node = signer.address;
  const closing = new AbortController();
  const { signal } = closing;
  const waker = createWaker(PERIOD_MS, signal);
  const outcomes = createOutcomes({ chain, node, runs, metrics, log, signal });
  const dispatch = createDispatch(parts, signal);
  const runModel = createRunner(parts);
  const attempts = new Map<string, number>();

  const enqueue = (jobId: string, job: Job): void => {
    const attempt = (attempts.get(jobId) ?? 0) + 1;
    if (attempt > MAX_ATTEMPTS) return;
    const run = async (stop: AbortSignal): Promise<void> => {
      attempts.set(jobId, attempt);
      await runModel(jobId, job, AbortSignal.any([stop, signal]));
      const saved = await runs.load(jobId);
      if (saved) dispatch.commit(jobId, job, saved);
      else waker.wake();
    };
    queue.add({ jobId, deadline: Number(job.commitDeadline), run });
  };

  const takeStep = async (jobId: string, job: Job): Promise<'run' | 'other'> => {
    const saved = await runs.load(jobId);
    const duty = nextDuty(job, node, saved?.commitment);
    if (duty === 'run') enqueue(jobId, job);
    if (duty === 'commit' && saved) dispatch.commit(jobId, job, saved);
    if (duty === 'reveal' && saved) dispatch.reveal(jobId, job, saved);
    if (duty === 'lost') log('error', 'run_lost', { job: jobId });
    return duty === 'run' ? 'run' : 'other';
  };

  const reconcile = async (): Promise<void> => {
    const jobs = await chain.query.duties(node, { signal });
    const open = new Map(jobs.map((job) => [toHex(job.id), job]));
    const toRun = new Set<string>();
    for (const [jobId, job] of open) {
      outcomes.follow(jobId);
      if ((await takeStep(jobId, job)) === 'run') toRun.add(jobId);
    }
    queue.keep((jobId) => toRun.has(jobId));
    for (const jobId of attempts.keys()) if (!open.has(jobId)) attempts.delete(jobId);
    await runs.evict(new Set(open.keys()));
  };

  const concerns = (event: MlEvent): boolean => {
    if (event.type === 'job_assigned') return event.nodes.includes(node);
    return event.type === 'job_revealing' && outcomes.isFollowed(event.jobId);
  };

  const onNotice = (notice: Notice): void => {
    const events = mlEvents(notice.kind === 'tx' ? notice.tx.events : notice.events);
    const settled = events.flatMap((event) =>
      event.type === 'job_settled' && outcomes.isFollowed(event.jobId) ? [event.jobId] : [],
    );
    if (settled.length > 0) void outcomes.read(settled);
    if (events.some(concerns)) waker.wake();
  };

  const onResync = (): void => {
    waker.wake();
    void outcomes.readAll();
  };

  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await reconcile().catch((error: unknown) => {
        if (!signal.aborted) log('warn', 'duties_unread', { reason: reasonOf(error) });
      });
      await waker.rest();
    }
  };

  const stopListening = chain.subscribe({ onNotice, onResync });
  const looping = loop();
  return {
    close: async () => {
      stopListening();
      closing.abort();
      await queue.close();
      await looping;
      await dispatch.idle();
    },
  };
}
