import type { Job } from './job.ts';
import { titleOf } from './mode-words.ts';

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

/** What a picture is to be seen beside. */
export interface Base {
  readonly sha256: string;
  /** The job that delivered it; null where the requester brought the file. */
  readonly stage: Job | null;
}

/**
 * The picture that the job changed. Of one that was varied and then enlarged, which is what refining
 * does, the one before both. Null for a picture made from words or along a shape.
 */
export function baseOf({ request }: Job, { before }: Stages): Base | null {
  const image = request.mode === 'control' ? undefined : imageOf(request);
  if (image === undefined) return null;
  const origin = before.at(-1);
  const wasVaried = request.mode === 'upscale' && origin?.request.mode === 'image_to_image';
  if (wasVaried) return baseOf(origin, { before: before.slice(0, -1), after: [] });
  return { sha256: image, stage: origin ?? null };
}

/** The words that the picture was painted from, if a stage had any. */
export function promptOf(job: Job, { before }: Stages): string {
  return (
    [...before, job].map(({ request }) => request.prompt).findLast((prompt) => prompt !== '') ?? ''
  );
}

/** What a job among recent ones is called: its words, or of one without any what it does. */
export function titleAmong(job: Job, recent: readonly Job[]): string {
  return promptOf(job, stagesOf(job, recent)) || titleOf(job.request);
}

/** Without those of which a later stage was made that delivered as well. */
export function lastStages(recent: readonly Job[]): readonly Job[] {
  const used = new Set(
    recent.filter(({ result }) => result !== null).map(({ request }) => imageOf(request)),
  );
  return recent.filter(({ result }) => result === null || !used.has(result));
}

function originOf(job: Job, recent: readonly Job[]): Job | undefined {
  const image = imageOf(job.request);
  if (image === undefined) return undefined;
  return recent.find(({ id, result }) => id !== job.id && result === image);
}

function imageOf({ inputs }: Job['request']): string | undefined {
  return inputs.find(({ name }) => name === 'image')?.sha256;
}
