import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import type { HashSet } from '@semblance/perceptual-hash/hamming/hash-set';
import type { HammingJob, PartialResult } from '@semblance/perceptual-hash/hamming/job';
import { compileKernels } from '@semblance/perceptual-hash/hamming/kernels';
import type { HammingPlan } from '@semblance/perceptual-hash/hamming/plan';
import type { WorkerStart, WorkerTask } from './worker.ts';

const MAX_THREADS = 256;

/** Threads that share the pieces of one plan after another. */
export interface HammingPool {
  readonly threads: number;
  /**
   * The plan's result, which does not depend on the number of threads.
   *
   * @throws PoolClosedError when the pool is closed before there is one. A thread that breaks, as
   * for want of memory, closes it too, and is the error's cause.
   */
  compute<Result>(plan: HammingPlan<Result>): Promise<Result>;
  close(): Promise<void>;
}

export class PoolClosedError extends SemblanceError<'POOL_CLOSED', Record<string, never>> {
  constructor(options?: { cause: unknown }) {
    const why = options?.cause instanceof Error ? `: ${options.cause.message}` : '';
    super('POOL_CLOSED', `the threads that compare hashes have ended${why}`, {}, options);
  }
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
  const closed = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  /** Hands the job to every thread and waits for all of them. */
  async function runJob(job: HammingJob): Promise<PartialResult[]> {
    closed.signal.throwIfAborted();
    const task: WorkerTask = {
      job: inSharedMemory(job),
      next: new Int32Array(new SharedArrayBuffer(4)),
    };
    const answers = workers.map(async (worker) => {
      worker.postMessage(task);
      const [partial] = await once(worker, 'message', { signal: closed.signal });
      return partial as PartialResult;
    });
    try {
      return await Promise.all(answers);
    } catch (error) {
      throw closed.signal.reason ?? error;
    }
  }

  // The others' answers would be taken for those to the next job, so one that breaks ends all.
  for (const worker of workers) {
    worker.on('error', (cause) => void close(new PoolClosedError({ cause })));
  }

  async function close(reason: PoolClosedError): Promise<void> {
    closed.abort(reason);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  return {
    threads,
    async compute(plan) {
      // One job after another: each of them keeps every thread busy.
      const answers = last.then(() => runJob(plan.job));
      last = answers.catch(() => {});
      return plan.finish(await answers);
    },
    close: () => close(new PoolClosedError()),
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
