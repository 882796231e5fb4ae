import type { Chain } from '@semblance/client/chain';
import { ChainError } from '@semblance/client/errors';
import { submitJob } from '@semblance/client/messages';
import { InvalidInputError } from '@semblance/core/errors';
import { inputsOf } from '@semblance/proto/task';
import type { Accounts } from '../accounts/keystore.ts';
import { type Log, reasonOf } from '../log.ts';
import { admit } from './admission.ts';
import type { Board } from './board.ts';
import type { JobStore, StoredJob } from './job-store.ts';

/** Takes waiting jobs onto the chain, as many as its nodes can run. */
export interface Submitter {
  add(jobs: readonly StoredJob[]): void;
  /** Something changed: room on the nodes, a settled job, time. */
  wake(): void;
  /** Resolves when nothing is being sent any more, after the signal. */
  idle(): Promise<void>;
}

export interface SubmitterParts {
  readonly chain: Pick<Chain, 'broadcast'>;
  readonly board: Board;
  readonly store: JobStore;
  readonly accounts: Accounts;
  readonly activeNodes: (model: string) => number;
  readonly onBatch: (size: number) => void;
  /** Ends sending; what was sent may be on the chain all the same. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Submissions in one transaction. With the longest prompts it stays far below a block. */
const MAX_BATCH = 16;
/** Those with files go alone: the files of one job may fill half of a transaction. */
const hasInputs = ({ request: { task } }: StoredJob): boolean =>
  task.case !== undefined && inputsOf(task).length > 0;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 15_000;

/** Refusals that pass by themselves: mempool full, wrong sequence. */
const PASSING = new Set([20, 32]);
const INSUFFICIENT_FUNDS = 5;
const UNKNOWN_ACCOUNT = 9;

export function createSubmitter(parts: SubmitterParts): Submitter {
  const { board, activeNodes, log, signal } = parts;
  const waiting = new Map<string, StoredJob>();
  /** Jobs of `waiting` that are in a transaction right now, and the accounts that send them. */
  const inBatch = new Set<string>();
  const sending = new Map<string, Promise<void>>();
  const pauses = createPauses(wake);
  let isWoken = false;

  function wake(): void {
    if (isWoken || signal.aborted) return;
    isWoken = true;
    // Requests that came in the same turn go into the same transaction.
    setImmediate(() => {
      isWoken = false;
      if (!signal.aborted) sendAdmitted();
    });
  }

  const sendAdmitted = (): void => {
    const all = [...waiting.values()];
    const onChain = board.inFlight().filter(({ id }) => !waiting.has(id));
    const busy = [...onChain, ...all.filter(({ id }) => inBatch.has(id))];
    // One transaction of an account at a time: meanwhile its next batch gathers.
    const ready = all.filter(({ account }) => !sending.has(account) && !pauses.has(account));
    const admitted = admit(ready.map(turnOf), busy.map(turnOf), activeNodes);
    for (const [account, turns] of Map.groupBy(admitted, ({ job }) => job.account)) {
      const batch = batchOf(turns.map(({ job }) => job));
      sending.set(account, send(account, batch));
    }
  };

  const send = async (account: string, batch: readonly StoredJob[]): Promise<void> => {
    const ids = batch.map(({ id }) => id);
    for (const id of ids) inBatch.add(id);
    try {
      await board.whileSending(ids, () => submit(parts, batch, done));
      pauses.reset(account);
    } catch (error) {
      if (signal.aborted) return;
      log('warn', 'a submission is tried again', { account, reason: reasonOf(error) });
      pauses.start(account);
    } finally {
      for (const id of ids) inBatch.delete(id);
      sending.delete(account);
      wake();
    }
  };

  const done = (jobs: readonly StoredJob[]): void => {
    for (const { id } of jobs) waiting.delete(id);
  };

  return {
    add: (jobs) => {
      for (const job of jobs) waiting.set(job.id, job);
      wake();
    },
    wake,
    idle: async () => {
      pauses.clear();
      await Promise.allSettled(sending.values());
    },
  };
}

/** Accounts that wait a while after a failure, twice as long each time. */
function createPauses(onEnd: () => void) {
  const timers = new Map<string, NodeJS.Timeout>();
  const nextMs = new Map<string, number>();
  return {
    has: (account: string) => timers.has(account),
    start: (account: string) => {
      const ms = nextMs.get(account) ?? FIRST_PAUSE_MS;
      nextMs.set(account, Math.min(ms * 2, LAST_PAUSE_MS));
      const timer = setTimeout(() => {
        timers.delete(account);
        onEnd();
      }, ms);
      timers.set(account, timer);
    },
    reset: (account: string) => void nextMs.delete(account),
    clear: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** As many of the first jobs as go into one transaction. */
function batchOf(jobs: readonly StoredJob[]): readonly StoredJob[] {
  const large = jobs.findIndex(hasInputs);
  if (large === -1) return jobs.slice(0, MAX_BATCH);
  return large === 0 ? jobs.slice(0, 1) : jobs.slice(0, Math.min(large, MAX_BATCH));
}

function turnOf(job: StoredJob) {
  const { keyId, request } = job;
  return { job, keyId, model: request.model, committeeSize: request.committeeSize };
}

/**
 * Sends the jobs as one transaction and settles their fate: `done` names those that wait no more.
 * Throws when trying again may help; sending a job twice is safe, since its id is used up.
 */
async function submit(
  parts: SubmitterParts,
  batch: readonly StoredJob[],
  done: (jobs: readonly StoredJob[]) => void,
): Promise<void> {
  const { chain, board, accounts, store, onBatch, signal } = parts;
  try {
    const signer = await accounts.signer(batch[0]?.account ?? '');
    const messages = batch.map(({ id, request }) =>
      submitJob({ request, inputs: store.inputs(id) }),
    );
    await chain.broadcast(signer, messages, { signal });
  } catch (error) {
    return settleFailed(parts, batch, done, error);
  }
  onBatch(batch.length);
  // The chain has them: should the reading fail, the poll makes it good.
  await board.confirm(batch.map(({ id }) => id)).catch(() => {});
  done(batch);
}

/** The chain's state decides, whatever the error said. */
async function settleFailed(
  parts: SubmitterParts,
  batch: readonly StoredJob[],
  done: (jobs: readonly StoredJob[]) => void,
  error: unknown,
): Promise<void> {
  const { board, store } = parts;
  await Promise.all(batch.map(({ id }) => board.refresh(id)));
  const left = batch.filter(({ id }) => store.get(id)?.state === 'waiting');
  done(batch.filter((job) => !left.includes(job)));
  if (left.length === 0) return;
  if (!isFinal(error)) throw error;
  // One bad job refuses the whole transaction; each alone shows which.
  if (batch.length > 1) {
    for (const job of left) await submit(parts, [job], done);
    return;
  }
  for (const job of left) board.fail(job.id, failureOf(error));
  done(left);
}

function isFinal(error: unknown): boolean {
  if (error instanceof InvalidInputError) return true;
  return error instanceof ChainError && !(isSdk(error) && PASSING.has(error.chainCode));
}

function isSdk({ codespace }: ChainError): boolean {
  return codespace === 'sdk';
}

function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof ChainError) {
    const { chainCode, log } = error;
    const isPoor =
      isSdk(error) && (chainCode === INSUFFICIENT_FUNDS || chainCode === UNKNOWN_ACCOUNT);
    return { code: isPoor ? 'insufficient_funds' : 'chain_refused', message: log };
  }
  return { code: 'account_missing', message: reasonOf(error) };
}
