import { SemblanceError } from '@semblance/core/errors';
import { type Decode, fields, list, nullable, text } from './decode.ts';
import { bodyOf, type Draft } from './draft.ts';
import { type Job, job } from './job.ts';
import { type Model, model } from './model.ts';
import { type Block, block, type Node, node, type Status, status } from './network.ts';

/** The sequencer did not answer at all. */
class UnreachableError extends SemblanceError<'UNREACHABLE', { path: string }> {
  constructor(path: string, cause: unknown) {
    super('UNREACHABLE', 'The sequencer does not answer.', { path }, { cause });
  }
}

/** The sequencer refused; `param` names the field at fault when there is one. */
export class RefusedError extends SemblanceError<
  'REFUSED',
  { status: number; param: string | null; reason: string | null }
> {}

/** Whether the failure is the sequencer's absence, which may end by itself. */
export function isAway(error: Error): boolean {
  return (
    error instanceof UnreachableError ||
    (error instanceof RefusedError && [502, 503, 504].includes(error.details.status))
  );
}

const PATIENCE_MS = 15_000;

async function answer(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (cause) {
    throw new UnreachableError(path, cause);
  }
}

async function refusal(response: Response): Promise<Error> {
  const failed = `The sequencer answered ${response.status}.`;
  const body: unknown = await response.json().catch(() => null);
  try {
    const error = fields(fields(body, 'answer').error, 'error');
    return new RefusedError('REFUSED', text(error.message, 'error.message') || failed, {
      status: response.status,
      param: nullable(text)(error.param, 'error.param'),
      reason: nullable(text)(error.code, 'error.code'),
    });
  } catch {
    return new RefusedError('REFUSED', failed, {
      status: response.status,
      param: null,
      reason: null,
    });
  }
}

async function ask<T>(path: string, decode: Decode<T>, init: RequestInit = {}): Promise<T> {
  const response = await answer(path, init);
  if (!response.ok) throw await refusal(response);
  const body: unknown = await response.json().catch(() => undefined);
  return decode(body, path);
}

function dataOf<T>(item: Decode<T>): Decode<T[]> {
  return (value, at) => list(item)(fields(value, at).data, `${at}: data`);
}

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Cursor of the next, older page. */
  readonly next: string | null;
}

const jobPage: Decode<JobPage> = (value, at) => {
  const next = fields(value, at).next;
  return {
    jobs: dataOf(job)(value, at),
    next: typeof next === 'number' ? String(next) : nullable(text)(next, `${at}: next`),
  };
};

export function listModels(): Promise<Model[]> {
  return ask('./v1/models', dataOf(model));
}

export function submitJob(draft: Draft): Promise<Job> {
  return ask('./v1/jobs', job, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bodyOf(draft)),
  });
}

/** Sent again under the same key, an order is the same job. */
export function submitOrder(order: FormData, key: string = crypto.randomUUID()): Promise<Job> {
  return ask('./v1/jobs', job, {
    method: 'POST',
    headers: { 'idempotency-key': key },
    body: order,
  });
}

export function getJob(id: string): Promise<Job> {
  return ask(`./v1/jobs/${id}`, job);
}

export function listJobs(limit: number, before?: string): Promise<JobPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before !== undefined) query.set('before', before);
  return ask(`./v1/jobs?${query}`, jobPage);
}

export function listNodes(): Promise<Node[]> {
  return ask('./v1/nodes', dataOf(node));
}

export function listBlocks(limit: number): Promise<Block[]> {
  return ask(`./v1/blocks?limit=${limit}`, dataOf(block));
}

export function getStatus(): Promise<Status> {
  return ask('./v1/status', status);
}

/** The receipt as it came: its checker takes nothing for granted. */
export function getReceipt(jobId: string): Promise<unknown> {
  return ask(receiptPath(jobId), (value) => value);
}

export async function getFile(sha256: string): Promise<Uint8Array> {
  const response = await answer(artifactPath(sha256), {});
  if (!response.ok) throw await refusal(response);
  return new Uint8Array(await response.arrayBuffer());
}

export function jobEventsPath(id: string): string {
  return `./v1/jobs/${id}/events`;
}

/** Where a file lives. Made of its hash alone, so that no answer can point the page elsewhere. */
export function artifactPath(sha256: string): string {
  return `./v1/artifacts/${sha256}`;
}

export function receiptPath(jobId: string): string {
  return `./v1/receipts/${jobId}`;
}
