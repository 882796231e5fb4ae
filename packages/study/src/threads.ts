import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import { END } from './thread.ts';

const MAX_THREADS = 256;

/** Threads that answer tasks, each one task at a time. */
export interface Threads<Task, Answer> {
  readonly count: number;
  /**
   * The answer of the thread that is free next.
   *
   * @throws ThreadsEndedError when they are closed before there is one. A thread that breaks closes
   * all of them, and is the error's cause.
   */
  run(task: Task): Promise<Answer>;
  /** Resolves when the threads have ended, each after the task that it is at. */
  close(): Promise<void>;
}

class ThreadsEndedError extends SemblanceError<'THREADS_ENDED', Record<string, never>> {
  constructor(options?: { cause: unknown }) {
    const why = options?.cause instanceof Error ? `: ${options.cause.message}` : '';
    super('THREADS_ENDED', `the threads that did the work have ended${why}`, {}, options);
  }
}

/**
 * Starts threads of `file`, by default one a core, which answers by `answerTasks`.
 *
 * @throws InvalidInputError for a number of threads that is not from 1 to 256
 */
export function startThreads<Task extends object, Answer>(
  file: URL,
  count: number = availableParallelism(),
  workerData?: unknown,
): Threads<Task, Answer> {
  if (!Number.isInteger(count) || count < 1 || count > MAX_THREADS) {
    throw new InvalidInputError('threads', `not an integer from 1 to ${MAX_THREADS}: ${count}`);
  }
  const closed = new AbortController();
  const workers = Array.from({ length: count }, () => new Worker(file, { workerData }));
  const ended = workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve)));
  const free = [...workers];
  const waiting: PromiseWithResolvers<Worker>[] = [];

  function nextFree(): Worker | Promise<Worker> {
    closed.signal.throwIfAborted();
    const worker = free.pop();
    if (worker) return worker;
    const turn = Promise.withResolvers<Worker>();
    waiting.push(turn);
    return turn.promise;
  }

  function giveBack(worker: Worker): void {
    const turn = waiting.shift();
    if (turn) turn.resolve(worker);
    else free.push(worker);
  }

  async function close(reason: ThreadsEndedError): Promise<void> {
    closed.abort(reason);
    for (const turn of waiting.splice(0)) turn.reject(closed.signal.reason);
    for (const worker of workers) worker.postMessage(END);
    await Promise.all(ended);
  }

  for (const worker of workers) {
    worker.on('error', (cause) => void close(new ThreadsEndedError({ cause })));
  }

  return {
    count,
    async run(task) {
      const worker = await nextFree();
      worker.postMessage(task);
      try {
        const [answer] = await once(worker, 'message', { signal: closed.signal });
        giveBack(worker);
        return answer as Answer;
      } catch (error) {
        throw closed.signal.reason ?? error;
      }
    },
    close: () => close(new ThreadsEndedError()),
  };
}
