import type { Chain } from '@semblance/client/chain';
import type { Signer } from '@semblance/client/signer';
import type { Job } from '@semblance/proto/ml';
import type { Conduct } from './adversaries/conduct.ts';
import { sendCommit, sendReveal } from './duty-messages.ts';
import { type Log, reasonOf } from './log.ts';
import type { Metrics } from './metrics.ts';
import { pause } from './pause.ts';
import { type ProgressHub, stepsOf } from './progress.ts';
import type { RunStore, StoredRun } from './run-store.ts';

export interface DispatchParts {
  readonly chain: Chain;
  /** The key that commits and reveals. */
  readonly signer: Signer;
  readonly conduct: Conduct;
  readonly runs: RunStore;
  readonly progress: ProgressHub;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Brings saved runs to the chain. What fails is reported and left to the next look at the duties. */
export interface Dispatch {
  /** Does nothing while the same is on its way already. */
  commit(jobId: string, job: Job, run: StoredRun): void;
  reveal(jobId: string, job: Job, run: StoredRun): void;
  /** Resolves when nothing is on its way. */
  idle(): Promise<unknown>;
}

export function createDispatch(parts: DispatchParts, signal: AbortSignal): Dispatch {
  const { chain, signer, conduct, runs, progress, metrics, log } = parts;
  const sender = { chain, signer, signal };
  const sending = new Map<string, Promise<void>>();

  const once = (what: string, send: () => Promise<void>): void => {
    if (sending.has(what)) return;
    const sent = send()
      .catch((error: unknown) => {
        if (!signal.aborted) log('warn', 'not_sent', { what, reason: reasonOf(error) });
      })
      .finally(() => sending.delete(what));
    sending.set(what, sent);
  };

  const tell = (stage: 'committed' | 'revealed', jobId: string, job: Job): void => {
    log('info', stage, { job: jobId });
    const task = job.request?.task;
    const steps = task?.case === undefined ? 0 : stepsOf(task);
    progress.publish({ job: jobId, stage, step: steps, steps });
  };

  const commit = async (jobId: string, job: Job, run: StoredRun): Promise<void> => {
    await pause(Math.max(0, conduct.commitNotBefore(job) - Date.now()), signal);
    await sendCommit(sender, jobId, run.commitment);
    metrics.commitLatency.observe(Math.max(0, Date.now() - Number(job.submittedAt)) / 1000);
    tell('committed', jobId, job);
    for (const rival of conduct.rivalCommitments(run.commitment)) {
      await sendCommit(sender, jobId, rival);
    }
  };

  const reveal = async (jobId: string, job: Job, run: StoredRun): Promise<void> => {
    const started = performance.now();
    // Every commitment is on chain, so nothing is given away; whoever hears of the reveal may ask
    // for the files before this node has heard of it.
    await runs.markRevealed(jobId);
    const fault = await sendReveal(sender, runs, run);
    metrics.revealLatency.observe((performance.now() - started) / 1000);
    if (fault === '') tell('revealed', jobId, job);
    else log('error', 'fault', { job: jobId, reason: fault });
  };

  return {
    commit: (jobId, job, run) => once(`commit ${jobId}`, () => commit(jobId, job, run)),
    reveal: (jobId, job, run) => {
      if (conduct.reveals) once(`reveal ${jobId}`, () => reveal(jobId, job, run));
    },
    idle: () => Promise.all(sending.values()),
  };
}
