import { randomBytes } from 'node:crypto';
import type { Chain } from '@semblance/client/chain';
import { encodeImage } from '@semblance/inference/encode';
import type { Job } from '@semblance/proto/ml';
import type { Conduct } from './adversaries/conduct.ts';
import { readInputs } from './inputs.ts';
import { type Log, reasonOf } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { ModelHost } from './models.ts';
import { type ProgressHub, stepsOf } from './progress.ts';
import type { RunStore } from './run-store.ts';
import { seal } from './seal.ts';

export interface RunnerParts {
  /** Account bytes of the node. */
  readonly addressBytes: Uint8Array;
  readonly chain: Chain;
  readonly conduct: Conduct;
  readonly models: ModelHost;
  readonly runs: RunStore;
  readonly progress: ProgressHub;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Runs the model for a job and saves what came out, sealed. Reports failures, never rejects. */
export type Runner = (jobId: string, job: Job, signal: AbortSignal) => Promise<void>;

export function createRunner(parts: RunnerParts): Runner {
  const { addressBytes, chain, conduct, models, runs, progress, metrics, log } = parts;
  return async (jobId, { id, request }, signal) => {
    const { model, task } = request ?? {};
    if (model === undefined || task?.case === undefined) return;
    const started = performance.now();
    try {
      // The duties may have been read just before an earlier run was saved.
      if (await runs.load(jobId)) return;
      const pictures = await readInputs(chain, id, task, signal);
      const generated = await conduct.produce(task, {
        run: (changed) =>
          models.run(model, changed, pictures, {
            signal,
            onProgress: (stage, step, steps) =>
              progress.publish({ job: jobId, stage, step, steps }),
          }),
        encodePng: (data, width, height) => encodeImage({ width, height, channels: 3, data }),
      });
      signal.throwIfAborted();
      const seconds = (performance.now() - started) / 1000;
      metrics.inference.observe({ model }, seconds);
      await runs.save(seal(id, addressBytes, generated, randomBytes(32)));
      log('info', 'run_saved', { job: jobId, seconds });
    } catch (error) {
      if (signal.aborted) return log('info', 'run_dropped', { job: jobId });
      log('error', 'run_failed', { job: jobId, reason: reasonOf(error) });
      metrics.jobs.inc({ outcome: 'failed' });
      progress.publish({ job: jobId, stage: 'failed', step: 0, steps: stepsOf(task) });
    }
  };
}
