import { randomBytes } from 'node:crypto';
import type { Chain } from '@semblance/client/chain';
import { type MlEvent, mlEvents } from '@semblance/client/events';
import type { Notice } from '@semblance/client/feed';
import type { Signer } from '@semblance/client/signer';
import { toHex } from '@semblance/core/bytes';
import { encodeImage } from '@semblance/inference/encode';
import type { Job } from '@semblance/proto/ml';
import type { Conduct } from './adversaries/conduct.ts';
import { nextDuty } from './duty.ts';
import { sendCommit, sendReveal } from './duty-messages.ts';
import { type Log, reasonOf } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { ModelHost } from './models.ts';
import { createOutcomes } from './outcomes.ts';
import { pause } from './pause.ts';
import type { ProgressHub } from './progress.ts';
import type { RunQueue } from './run-queue.ts';
import type { RunStore, StoredRun } from './run-store.ts';
import { seal } from './seal.ts';
import { createWaker } from './waker.ts';

export interface WorkerParts {
  readonly chain: Chain;
  /** The key that commits and reveals. */
  readonly signer: Signer;
  /** Its account bytes. */
  readonly addressBytes: Uint8Array;
  readonly conduct: Conduct;
  readonly models: ModelHost;
  readonly runs: RunStore;
  readonly queue: RunQueue;
  readonly progress: ProgressHub;
  readonly metrics: Metrics;
  readonly log: Log;
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
  const { chain, signer, addressBytes, conduct, models, runs, queue } = parts;
  const { progress, metrics, log } = parts;
  const closing = new AbortController();
  const { signal } = closing;
  const sender = { chain, signer, signal };
  /** What is on its way to the chain, so that it is not sent again meanwhile. */
  const sending = new Map<string, Promise<void>>();
  const attempts = new Map<string, number>();
  const waker = createWaker(PERIOD_MS, signal);
  const outcomes = createOutcomes({ chain, node: signer.address, runs, metrics, log, signal });

  const reconcile = async (): Promise<void> => {
    const jobs = await chain.query.duties(signer.address, { signal });
    const open = new Map(jobs.map((job) => [toHex(job.id), job]));
    const running = new Set<string>();
    for (const [jobId, job] of open) {
      outcomes.follow(jobId);
      const saved = await runs.load(jobId);
      switch (nextDuty(job, signer.address, saved?.commitment)) {
        case 'run':
          running.add(jobId);
          enqueue(jobId, job);
          break;
        case 'commit':
          if (saved) once(`${jobId} commit`, () => commitTo(jobId, job, saved));
          break;
        case 'reveal':
          if (saved && conduct.reveals) once(`${jobId} reveal`, () => revealRun(jobId, job, saved));
          break;
        case 'lost':
          log('error', 'run_lost', { job: jobId });
          break;
        case 'wait':
        case 'none':
          break;
      }
    }
    queue.keep((jobId) => running.has(jobId));
    for (const jobId of attempts.keys()) if (!open.has(jobId)) attempts.delete(jobId);
    await runs.evict(new Set(open.keys()));
  };

  const enqueue = (jobId: string, job: Job): void => {
    if ((attempts.get(jobId) ?? 0) >= MAX_ATTEMPTS) return;
    queue.add({
      jobId,
      deadline: Number(job.commitDeadline),
      run: (stop) => run(jobId, job, AbortSignal.any([stop, signal])),
    });
  };

  const run = async (jobId: string, job: Job, stop: AbortSignal): Promise<void> => {
    const { request } = job;
    // The duties may have been read just before an earlier run was saved.
    if (request?.task.case !== 'textToImage' || (await runs.load(jobId))) return;
    const task = request.task.value;
    attempts.set(jobId, (attempts.get(jobId) ?? 0) + 1);
    const started = performance.now();
    try {
      const generated = await conduct.produce(task, {
        generate: (changed) =>
          models.generate(request.model, changed, {
            signal: stop,
            onProgress: (stage, step, steps) =>
              progress.publish({ job: jobId, stage, step, steps }),
          }),
        encodePng: (data, width, height) => encodeImage({ width, height, channels: 3, data }),
      });
      stop.throwIfAborted();
      const seconds = (performance.now() - started) / 1000;
      metrics.inference.observe({ model: request.model }, seconds);
      await runs.save(seal(job.id, addressBytes, generated, randomBytes(32)));
      log('info', 'run_saved', { job: jobId, seconds });
    } catch (error) {
      if (stop.aborted) return log('info', 'run_dropped', { job: jobId });
      log('error', 'run_failed', { job: jobId, reason: reasonOf(error) });
      metrics.jobs.inc({ outcome: 'failed' });
      progress.publish({ job: jobId, stage: 'failed', step: 0, steps: task.steps });
    } finally {
      waker.wake();
    }
  };

  const once = (name: string, send: () => Promise<void>): void => {
    if (sending.has(name)) return;
    const sent = send()
      .catch((error: unknown) => {
        if (!signal.aborted) log('warn', 'not_sent', { what: name, reason: reasonOf(error) });
      })
      .finally(() => sending.delete(name));
    sending.set(name, sent);
  };

  const commitTo = async (jobId: string, job: Job, saved: StoredRun): Promise<void> => {
    await pause(Math.max(0, conduct.commitNotBefore(job) - Date.now()), signal);
    await sendCommit(sender, jobId, saved.commitment);
    metrics.commitLatency.observe(Math.max(0, Date.now() - Number(job.submittedAt)) / 1000);
    tell(jobId, job, 'committed');
    for (const rival of conduct.rivalCommitments(saved.commitment)) {
      await sendCommit(sender, jobId, rival);
    }
  };

  const revealRun = async (jobId: string, job: Job, saved: StoredRun): Promise<void> => {
    const started = performance.now();
    const fault = await sendReveal(sender, runs, saved);
    metrics.revealLatency.observe((performance.now() - started) / 1000);
    if (fault !== '') return log('error', 'fault', { job: jobId, reason: fault });
    await runs.markRevealed(jobId);
    tell(jobId, job, 'revealed');
  };

  const tell = (jobId: string, job: Job, stage: 'committed' | 'revealed'): void => {
    log('info', stage, { job: jobId });
    const steps = job.request?.task.value?.steps ?? 0;
    progress.publish({ job: jobId, stage, step: steps, steps });
  };

  const concerns = (event: MlEvent): boolean => {
    if (event.type === 'job_assigned') return event.nodes.includes(signer.address);
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
      await Promise.all([looping, ...sending.values()]);
    },
  };
}
