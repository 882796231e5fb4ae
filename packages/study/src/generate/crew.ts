import { type ChildProcess, fork } from 'node:child_process';
import { SemblanceError } from '@semblance/core/errors';
import type { StudyPlan } from './plan.ts';
import type { StudyRecord } from './record.ts';
import type { FromWorker, ToWorker } from './worker.ts';

/** A process that makes pictures ended or gave up. */
class WorkerFailedError extends SemblanceError<'STUDY_WORKER', { reason: string }> {
  constructor(reason: string, options?: { cause: unknown }) {
    super('STUDY_WORKER', `making pictures failed: ${reason}`, { reason }, options);
  }
}

export interface Block {
  readonly lane: string;
  readonly jobs: readonly number[];
}

export interface CrewOptions {
  readonly modelDir: string;
  readonly plan: StudyPlan;
  readonly processes: number;
  readonly signal: AbortSignal | undefined;
  /** A block for a process whose last block was of that lane; undefined when none is left. */
  readonly next: (lastLane: string | undefined) => Block | undefined;
  readonly onJob: (lane: string) => void;
  /** Awaited before the process gets its next block. */
  readonly onBlock: (records: readonly StudyRecord[]) => Promise<void>;
}

/**
 * Processes that take blocks until none is left. They are processes and no threads, since memory
 * of WebAssembly and of the native runtime never shrinks and a crash must not take the rest along.
 *
 * @throws WorkerFailedError when one fails; the signal's reason when aborted. All are ended then.
 */
export async function runCrew(options: CrewOptions): Promise<void> {
  const { signal, processes } = options;
  signal?.throwIfAborted();
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  await Promise.all(
    Array.from({ length: processes }, async () => {
      try {
        await runProcess(options, stop);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }),
  );
}

async function runProcess(options: CrewOptions, signal: AbortSignal): Promise<void> {
  const { modelDir, plan, next, onJob, onBlock } = options;
  let block = next(undefined);
  if (block === undefined) return;
  // no flags of this process: it may run under a test runner
  const child = fork(new URL('./worker.ts', import.meta.url), [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    send(child, { modelDir, plan });
    for (; block !== undefined; block = next(block.lane)) {
      const { lane, jobs } = block;
      send(child, { lane, jobs });
      await onBlock(await answer(child, signal, () => onJob(lane)));
      signal.throwIfAborted();
    }
  } finally {
    child.kill();
  }
}

/** The records of the block that the process was sent. */
function answer(
  child: ChildProcess,
  signal: AbortSignal,
  onJob: () => void,
): Promise<readonly StudyRecord[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly StudyRecord[]>();
  const onMessage = (message: FromWorker) => {
    if (message.kind === 'job') onJob();
    else if (message.kind === 'block') resolve(message.records);
    else reject(new WorkerFailedError(message.message));
  };
  const onExit = (code: number | null, name: string | null) =>
    reject(new WorkerFailedError(`a process ended with ${code ?? name}`));
  const onError = (cause: unknown) =>
    reject(new WorkerFailedError('a process could not be started', { cause }));
  const onAbort = () => reject(signal.reason);
  child.on('message', onMessage).on('exit', onExit).on('error', onError);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return promise.finally(() => {
    child.off('message', onMessage).off('exit', onExit).off('error', onError);
    signal.removeEventListener('abort', onAbort);
  });
}

function send(child: ChildProcess, message: ToWorker): void {
  child.send(message);
}
