/** A piece of work for the model, done one at a time. */
interface QueuedRun {
  /** Hex. */
  readonly jobId: string;
  /** The earliest goes first, Unix milliseconds. */
  readonly deadline: number;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface RunQueue {
  /** Adds a run unless the job is already waiting or running. */
  add(run: QueuedRun): void;
  /** Drops waiting runs and aborts the running one unless their jobs are wanted. */
  keep(isWanted: (jobId: string) => boolean): void;
  /** Waiting and running. */
  size(): number;
  /** Drops everything and waits for the running one to end. */
  close(): Promise<void>;
}

/** `run` must not reject: it reports its own failures. */
export function createRunQueue(): RunQueue {
  const waiting = new Map<string, QueuedRun>();
  let running: { jobId: string; abort: AbortController; done: Promise<void> } | undefined;

  const startNext = (): void => {
    if (running) return;
    const [next] = [...waiting.values()].sort((a, b) => a.deadline - b.deadline);
    if (!next) return;
    waiting.delete(next.jobId);
    const abort = new AbortController();
    const done = next.run(abort.signal).finally(() => {
      running = undefined;
      startNext();
    });
    running = { jobId: next.jobId, abort, done };
  };

  return {
    add: (run) => {
      if (running?.jobId === run.jobId || waiting.has(run.jobId)) return;
      waiting.set(run.jobId, run);
      startNext();
    },
    keep: (isWanted) => {
      for (const jobId of waiting.keys()) if (!isWanted(jobId)) waiting.delete(jobId);
      if (running && !isWanted(running.jobId)) running.abort.abort();
    },
    size: () => waiting.size + (running ? 1 : 0),
    close: async () => {
      waiting.clear();
      running?.abort.abort();
      await running?.done;
    },
  };
}
