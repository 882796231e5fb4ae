import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { concat, fromUint64, toHex, toUint64 } from '@semblance/core/bytes';
import { type Job, type JobRequest, JobSchema } from '@semblance/proto/ml';
import { ApplicationError, RefusedError } from '../../errors.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { after, keyOf, PREFIX } from '../../store/prefixes.ts';
import { mlErrors } from './errors.ts';

/** A job and its number in order of submission. Stored as the number, then the job. */
export interface JobRecord {
  readonly number: bigint;
  readonly job: Job;
}

const NEXT_NUMBER = keyOf(PREFIX.mlJobNumber);
const jobKey = (id: Uint8Array) => keyOf(PREFIX.mlJob, id);
const listKey = (number: bigint) => keyOf(PREFIX.mlJobList, fromUint64(number));

export function getJob(state: Reader, id: Uint8Array): JobRecord | undefined {
  const bytes = state.get(jobKey(id));
  return bytes && decodeJob(bytes);
}

export function decodeJob(bytes: Uint8Array): JobRecord {
  return { number: toUint64(bytes), job: fromBinary(JobSchema, bytes.subarray(8)) };
}

export function setJob(state: State, { number, job }: JobRecord): void {
  state.set(jobKey(job.id), concat(fromUint64(number), toBinary(JobSchema, job)));
}

/** How many jobs there have been, those included that are forgotten. */
export function countJobs(state: Reader): bigint {
  const next = state.get(NEXT_NUMBER);
  return next === undefined ? 0n : toUint64(next);
}

/** Gives a new job its number and lists it. */
export function addJob(state: State, job: Job): JobRecord {
  const record = { number: countJobs(state), job };
  state.set(NEXT_NUMBER, fromUint64(record.number + 1n));
  state.set(listKey(record.number), job.id);
  setJob(state, record);
  return record;
}

export function removeJob(state: State, { number, job }: JobRecord): void {
  state.delete(jobKey(job.id));
  state.delete(listKey(number));
}

export function requireJob(state: Reader, id: Uint8Array): JobRecord {
  const record = getJob(state, id);
  if (record === undefined)
    throw new RefusedError(mlErrors.unknownJob, `job_id: no job ${toHex(id)}`);
  return record;
}

/** A job that some index of ours names: it must be there. */
export function indexedJob(state: Reader, id: Uint8Array): JobRecord {
  const record = getJob(state, id);
  if (record !== undefined) return record;
  throw new ApplicationError('CORRUPT_STATE', `an index names job ${toHex(id)}`, {});
}

/** At most `limit` jobs from the newest, those numbered below `before` where it is given. */
export function newestJobs(state: Reader, limit: number, before: bigint | undefined): JobRecord[] {
  const prefix = keyOf(PREFIX.mlJobList);
  const end = before === undefined ? after(prefix) : listKey(before);
  const jobs: JobRecord[] = [];
  for (const [, id] of state.rangeReverse(prefix, end)) {
    if (jobs.length === limit) break;
    jobs.push(indexedJob(state, id));
  }
  return jobs;
}

/** A stored job has a request. */
export function requestOf({ id, request }: Job): JobRequest {
  if (request !== undefined) return request;
  throw new ApplicationError('CORRUPT_STATE', `job ${toHex(id)} has no request`, {});
}
