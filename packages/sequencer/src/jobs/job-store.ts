import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { encodeJobRequest } from '@semblance/client/job';
import { SemblanceError } from '@semblance/core/errors';
import { type Job, type JobRequest, JobRequestSchema, JobSchema } from '@semblance/proto/ml';

/*
 * Accepted jobs, durable before their acceptance is told: SQLite with a write-ahead log, flushed
 * at each commit. A job keeps its request, and with it its nonce and id, through any crash, so
 * sending it again can never make it a second job.
 */

/**
 * waiting: accepted, and not known to be on the chain, though it may have been sent;
 * onchain: seen on the chain; settled: its verdict is stored with it; failed: the chain refused it.
 */
type StoredState = 'waiting' | 'onchain' | 'settled' | 'failed';

export interface StoredJob {
  /** Lower-case hex. */
  readonly id: string;
  /** The API key it came by. */
  readonly keyId: string;
  /** Name of the account that signs. */
  readonly account: string;
  readonly request: JobRequest;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly state: StoredState;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  /** As the chain had it when it settled; kept after the chain forgets it. */
  readonly settled: Job | undefined;
}

type NewJob = Pick<StoredJob, 'id' | 'keyId' | 'account' | 'request' | 'createdAt'>;

/** A caller's own name for one request, so that a repeated request is the same jobs. */
export interface Idempotency {
  readonly keyId: string;
  readonly name: string;
  /** Of the request's body. */
  readonly bodySha256: string;
}

export interface JobStore {
  /** Writes jobs and the files that each begins from durably, all or none. */
  accept(jobs: readonly NewJob[], inputs: readonly Uint8Array[], idempotency?: Idempotency): void;
  /** The files that a job begins from, kept while it is waiting or on the chain. */
  inputs(id: string): Uint8Array[];
  /** The jobs made under an idempotency name. Throws IDEMPOTENCY_CONFLICT when the body differed. */
  acceptedAs(idempotency: Idempotency): StoredJob[] | undefined;
  get(id: string): StoredJob | undefined;
  /** Jobs that are waiting or on the chain, oldest first. */
  open(): StoredJob[];
  /** A key's jobs that are not on the chain: waiting, or failed since then. Newest first. */
  offChain(keyId: string, failedSince: number, limit: number): StoredJob[];
  /** Waiting jobs, and of one key. */
  countWaiting(keyId?: string): number;
  /** What the waiting jobs of a requester will cost. */
  waitingFees(requester: string): bigint;
  markOnChain(id: string): void;
  /** The chain turned out not to have it. */
  markWaiting(id: string): void;
  markFailed(id: string, failure: { code: string; message: string }): void;
  markSettled(id: string, job: Job): void;
  close(): void;
}

export class JobStoreError extends SemblanceError<'IDEMPOTENCY_CONFLICT' | 'IN_USE'> {}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    account TEXT NOT NULL,
    requester TEXT NOT NULL,
    fee TEXT NOT NULL,
    request BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'onchain', 'settled', 'failed')),
    failure_code TEXT,
    failure_message TEXT,
    settled BLOB
  ) STRICT;
  CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, seq);
  CREATE TABLE IF NOT EXISTS inputs (
    job_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    file BLOB NOT NULL,
    PRIMARY KEY (job_id, position)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS idempotency (
    key_id TEXT NOT NULL,
    name TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    job_ids TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (key_id, name)
  ) STRICT;
`;

/** As long as OpenAI-shaped services usually remember. */
const IDEMPOTENCY_MS = 24 * 3_600_000;

interface Row {
  id: string;
  key_id: string;
  account: string;
  request: Uint8Array;
  created_at: number;
  state: StoredState;
  failure_code: string | null;
  failure_message: string | null;
  settled: Uint8Array | null;
}

/** Opens `home`/jobs.db. One process at a time: throws JobStoreError IN_USE. */
export function openJobStore(home: string): JobStore {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const db = openDatabase(join(home, 'jobs.db'));
  const insert = db.prepare(
    `INSERT INTO jobs (id, key_id, account, requester, fee, request, created_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')`,
  );
  const insertInput = db.prepare('INSERT INTO inputs VALUES (?, ?, ?)');
  const inputsOf = db.prepare('SELECT file FROM inputs WHERE job_id = ? ORDER BY position');
  const dropInputs = db.prepare('DELETE FROM inputs WHERE job_id = ?');
  const remember = db.prepare('INSERT INTO idempotency VALUES (?, ?, ?, ?, ?)');
  const forget = db.prepare('DELETE FROM idempotency WHERE created_at < ?');
  const recall = db.prepare('SELECT * FROM idempotency WHERE key_id = ? AND name = ?');
  const byId = db.prepare('SELECT * FROM jobs WHERE id = ?');
  const open = db.prepare("SELECT * FROM jobs WHERE state IN ('waiting', 'onchain') ORDER BY seq");
  const offChain = db.prepare(
    `SELECT * FROM jobs WHERE key_id = ?
     AND (state = 'waiting' OR (state = 'failed' AND created_at >= ?))
     ORDER BY seq DESC LIMIT ?`,
  );
  const count = db.prepare("SELECT count(*) AS n FROM jobs WHERE state = 'waiting'");
  const countOfKey = db.prepare(
    "SELECT count(*) AS n FROM jobs WHERE state = 'waiting' AND key_id = ?",
  );
  const fees = db.prepare("SELECT fee FROM jobs WHERE state = 'waiting' AND requester = ?");
  const onChain = db.prepare(
    "UPDATE jobs SET state = 'onchain' WHERE id = ? AND state IN ('waiting', 'failed')",
  );
  const waiting = db.prepare(
    "UPDATE jobs SET state = 'waiting' WHERE id = ? AND state = 'onchain'",
  );
  const failed = db.prepare(
    `UPDATE jobs SET state = 'failed', failure_code = ?, failure_message = ?
     WHERE id = ? AND state IN ('waiting', 'onchain')`,
  );
  const settled = db.prepare("UPDATE jobs SET state = 'settled', settled = ? WHERE id = ?");

  const get = (id: string): StoredJob | undefined => {
    const row = byId.get(id) as Row | undefined;
    return row && storedJob(row);
  };

  return {
    get,
    accept: (jobs, inputs, idempotency) => {
      const now = Date.now();
      transaction(db, () => {
        for (const { id, keyId, account, request, createdAt } of jobs) {
          const bytes = encodeJobRequest(request);
          insert.run(id, keyId, account, request.requester, request.fee, bytes, createdAt);
          for (const [i, file] of inputs.entries()) insertInput.run(id, i, file);
        }
        if (!idempotency) return;
        forget.run(now - IDEMPOTENCY_MS);
        const { keyId, name, bodySha256 } = idempotency;
        remember.run(keyId, name, bodySha256, jobs.map(({ id }) => id).join(' '), now);
      });
    },
    acceptedAs: ({ keyId, name, bodySha256 }) => {
      const row = recall.get(keyId, name) as { body_sha256: string; job_ids: string } | undefined;
      if (!row) return undefined;
      if (row.body_sha256 !== bodySha256) {
        const message = 'this Idempotency-Key was used with another body';
        throw new JobStoreError('IDEMPOTENCY_CONFLICT', message, {});
      }
      return row.job_ids.split(' ').flatMap((id) => get(id) ?? []);
    },
    inputs: (id) =>
      (inputsOf.all(id) as { file: Uint8Array }[]).map(({ file }) => new Uint8Array(file)),
    open: () => (open.all() as unknown as Row[]).map(storedJob),
    offChain: (keyId, failedSince, limit) =>
      (offChain.all(keyId, failedSince, limit) as unknown as Row[]).map(storedJob),
    countWaiting: (keyId) => {
      const row = keyId === undefined ? count.get() : countOfKey.get(keyId);
      return (row as { n: number }).n;
    },
    waitingFees: (requester) =>
      (fees.all(requester) as { fee: string }[]).reduce((sum, { fee }) => sum + BigInt(fee), 0n),
    markOnChain: (id) => void onChain.run(id),
    markWaiting: (id) => void waiting.run(id),
    markFailed: (id, { code, message }) =>
      transaction(db, () => {
        failed.run(code, message, id);
        dropInputs.run(id);
      }),
    markSettled: (id, job) =>
      transaction(db, () => {
        settled.run(toBinary(JobSchema, job), id);
        dropInputs.run(id);
      }),
    close: () => db.close(),
  };
}

function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    // The lock is the process's own and ends with it, however it ends.
    db.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;',
    );
    db.exec(SCHEMA);
    return db;
  } catch (cause) {
    db.close();
    if (!/locked|busy/i.test(String(cause))) throw cause;
    throw new JobStoreError('IN_USE', `another sequencer uses ${path}`, { path }, { cause });
  }
}

function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function storedJob(row: Row): StoredJob {
  const { failure_code: code, failure_message: message } = row;
  return {
    id: row.id,
    keyId: row.key_id,
    account: row.account,
    request: fromBinary(JobRequestSchema, row.request),
    createdAt: row.created_at,
    state: row.state,
    failure: row.state === 'failed' ? { code: code ?? '', message: message ?? '' } : undefined,
    settled: row.settled ? fromBinary(JobSchema, row.settled) : undefined,
  };
}
