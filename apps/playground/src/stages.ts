import type { Job } from './job.ts';

/** A job among those it came from and those that came of it, linked by the hashes of files. */
export interface Stages {
  /** From the first; each delivered the file that the next began from. */
  readonly before: readonly Job[];
  /** Those that began from the job's file, oldest first. */
  readonly after: readonly Job[];
}

const MOST = 8;

/** Finds a job's stages among recent jobs. */
export function stagesOf(job: Job, recent: readonly Job[]): Stages {
  const before: Job[] = [];
  for (let at = originOf(job, recent); at !== undefined; at = originOf(at, recent)) {
    if (before.length === MOST || before.includes(at)) break;
    before.unshift(at);
  }
  const after = recent
    .filter(
      ({ id, request }) => id !== job.id && job.result !== null && imageOf(request) === job.result,
    )
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .slice(-MOST);
  return { before, after };
}

/** The words that the picture was painted from, if a stage had any. */
export function promptOf(job: Job, { before }: Stages): string {
  return (
    [...before, job].map(({ request }) => request.prompt).findLast((prompt) => prompt !== '') ?? ''
  );
}

function originOf(job: Job, recent: readonly Job[]): Job | undefined {
  const image = imageOf(job.request);
  if (image === undefined) return undefined;
  return recent.find(({ id, result }) => id !== job.id && result === image);
}

function imageOf({ inputs }: Job['request']): string | undefined {
  return inputs.find(({ name }) => name === 'image')?.sha256;
}
