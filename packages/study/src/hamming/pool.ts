import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InvalidInputError } from '@semblance/core/errors';
import type { HashSet } from '@semblance/perceptual-hash/hamming/hash-set';
import type { HammingJob, Partial } from '@semblance/perceptual-hash/hamming/job';
import { compileKernels } from '@semblance/perceptual-hash/hamming/kernels';
import type { HammingPlan } from '@semblance/perceptual-hash/hamming/plan';
import type { WorkerStart, WorkerTask } from './worker.ts';

const MAX_THREADS = 256;

/** Threads that share the pieces of one plan after another. */
export interface HammingPool {
  readonly threads: number;
  /** The plan's result, which does not depend on the number of threads. */
  compute<Result>(plan: HammingPlan<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Starts the threads, by default one a core.
 *
 * @throws InvalidInputError for a number of threads that is not from 1 to 256.
 */
export function startHammingPool(threads: number = availableParallelism()): HammingPool {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new InvalidInputError('threads', `not an integer from 1 to ${MAX_THREADS}: ${threads}`);
  }
  const workerData: WorkerStart = { module: compileKernels() };
  const file = new URL('./worker.ts', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(file, { workerData }));
  let last: Promise<unknown> = Promise.resolve();

  /** Hands the job to every thread and waits for all of them; a thread that fails fails it. */
  async function runJob(job: HammingJob): Promise<Partial[]> {
    const task: WorkerTask = {
      job: inSharedMemory(job),
      next: new Int32Array(new SharedArrayBuffer(4)),
    };
    const answers = workers.map(async (worker) => {
      worker.postMessage(task);
      const [partial] = await once(worker, 'message');
      return partial as Partial;
    });
    return Promise.all(answers);
  }

  return {
    threads,
    async compute(plan) {
      // One job after another: each of them keeps every thread busy.
      const answers = last.then(() => runJob(plan.job));
      last = answers.catch(() => {});
      return plan.finish(await answers);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** The same job with hashes that threads can see without a copy each. */
function inSharedMemory(job: HammingJob): HammingJob {
  switch (job.kind) {
    case 'histogram-within':
      return { ...job, set: shared(job.set) };
    case 'histogram-across':
      return { ...job, a: shared(job.a), b: shared(job.b) };
    case 'near':
      return job;
  }
}

function shared(set: HashSet): HashSet {
  if (set.bytes.buffer instanceof SharedArrayBuffer) return set;
  const bytes = new Uint8Array(new SharedArrayBuffer(set.bytes.length));
  bytes.set(set.bytes);
  return { ...set, bytes };
}
