import { useEffect, useState } from 'react';
import { getJob, isAway, jobEventsPath } from '../api.ts';
import { asError } from '../as-error.ts';
import { fields, text } from '../decode.ts';
import { job as decodeJob, isOver, type Job, progress, withProgress } from '../job.ts';

const RETRY_MS = 2_000;

export interface FollowedJob {
  readonly job: Job | null;
  /** Why the job is not being followed right now, or null. */
  readonly failure: Error | null;
}

/** Follows a job by its event stream, from whatever point it is at, until it is over. */
export function useJob(id: string): FollowedJob {
  const [job, setJob] = useState<Job | null>(null);
  const [failure, setFailure] = useState<FollowedJob['failure']>(null);

  useEffect(() => {
    setJob(null);
    setFailure(null);
    return followJob(id, {
      job: (next) => {
        setJob(next);
        setFailure(null);
      },
      progress: (node, moved) => setJob((now) => now && withProgress(now, node, moved)),
      failure: setFailure,
    });
  }, [id]);

  return { job, failure };
}

interface JobHandlers {
  readonly job: (job: Job) => void;
  readonly progress: (node: string, moved: ReturnType<typeof progress>) => void;
  readonly failure: (error: Error) => void;
}

/** An event stream never says why it broke, so each (re)start first asks for the job itself. */
function followJob(id: string, on: JobHandlers): () => void {
  let stopped = false;
  let stream: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout>;

  const restart = () => {
    stream?.close();
    if (!stopped) timer = setTimeout(() => void start(), RETRY_MS);
  };
  const guarded = (handle: (data: unknown) => void) => (event: MessageEvent<string>) => {
    try {
      handle(JSON.parse(event.data));
    } catch (thrown) {
      stream?.close();
      on.failure(asError(thrown));
    }
  };
  const show = (next: Job) => {
    on.job(next);
    if (isOver(next)) stream?.close();
  };
  const listen = () => {
    stream = new EventSource(jobEventsPath(id));
    stream.addEventListener(
      'job',
      guarded((data) => show(decodeJob(data, 'job event'))),
    );
    stream.addEventListener(
      'progress',
      guarded((data) =>
        on.progress(
          text(fields(data, 'progress').node, 'progress.node'),
          progress(data, 'progress'),
        ),
      ),
    );
    stream.addEventListener('error', restart);
  };
  const start = async () => {
    try {
      const first = await getJob(id);
      if (stopped) return;
      on.job(first);
      if (!isOver(first)) listen();
    } catch (thrown) {
      if (stopped) return;
      const error = asError(thrown);
      on.failure(error);
      if (isAway(error)) restart();
    }
  };

  void start();
  return () => {
    stopped = true;
    clearTimeout(timer);
    stream?.close();
  };
}
