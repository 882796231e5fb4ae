import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Chain } from '@semblance/client/chain';
import { verdictName } from '@semblance/client/receipt';
import { toHex } from '@semblance/core/bytes';
import { type Job, JobPhase } from '@semblance/proto/ml';

/**
 * What came of all jobs of the chain, whoever submitted them: it outlives the chain's pruning.
 * Derived from the chain, so it needs no flush of its own.
 */
export interface Ledger {
  /** A job came onto the chain. */
  opened(jobId: string): void;
  record(job: Job): void;
  /** Reads the chain's jobs, newest first, down to what is known already. */
  catchUp(): Promise<void>;
  earned(node: string): bigint;
  settledJobs(): number;
  openJobs(): number;
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS chain (first_block TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS settled (job_id TEXT PRIMARY KEY, verdict TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS payouts (
    job_id TEXT NOT NULL, node TEXT NOT NULL, amount TEXT NOT NULL, PRIMARY KEY (job_id, node)
  ) STRICT;
`;
const PAGE = 100;
const MAX_PAGES = 50;

/** @param firstBlock hash of the chain's first block; a ledger of another chain is forgotten */
export function openLedger(home: string, chain: Pick<Chain, 'query'>, firstBlock: string): Ledger {
  const db = new DatabaseSync(join(home, 'ledger.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  db.exec(SCHEMA);
  bindToChain(db, firstBlock);
  const insertJob = db.prepare('INSERT OR IGNORE INTO settled VALUES (?, ?)');
  const insertPayout = db.prepare('INSERT OR IGNORE INTO payouts VALUES (?, ?, ?)');
  const isKnown = db.prepare('SELECT 1 FROM settled WHERE job_id = ?');
  const earned = new Map<string, bigint>();
  for (const row of db.prepare('SELECT node, amount FROM payouts').all()) {
    const { node, amount } = row as { node: string; amount: string };
    earned.set(node, (earned.get(node) ?? 0n) + BigInt(amount));
  }
  let settled = (db.prepare('SELECT count(*) AS n FROM settled').get() as { n: number }).n;
  const open = new Set<string>();

  const record = (job: Job): void => {
    const id = toHex(job.id);
    if (job.phase !== JobPhase.SETTLED) return void open.add(id);
    open.delete(id);
    if (isKnown.get(id)) return;
    for (const { node, payout } of job.members) {
      if (payout === '' || payout === '0') continue;
      const { changes } = insertPayout.run(id, node, payout);
      if (changes > 0) earned.set(node, (earned.get(node) ?? 0n) + BigInt(payout));
    }
    // Last, so that a job cut short by a crash is recorded again.
    insertJob.run(id, verdictName(job.verdict) ?? '');
    settled++;
  };

  return {
    opened: (jobId) => void open.add(jobId),
    record,
    catchUp: async () => {
      let before: Uint8Array | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const { items, next } = await chain.query.jobs({ limit: PAGE, ...(before && { before }) });
        const isNews = items.some(({ id }) => !isKnown.get(toHex(id)));
        items.forEach(record);
        if (!isNews || next.length === 0) return;
        before = next;
      }
    },
    earned: (node) => earned.get(node) ?? 0n,
    settledJobs: () => settled,
    openJobs: () => open.size,
    close: () => db.close(),
  };
}

function bindToChain(db: DatabaseSync, firstBlock: string): void {
  const bound = db.prepare('SELECT first_block FROM chain').get() as
    | { first_block: string }
    | undefined;
  if (bound?.first_block === firstBlock) return;
  db.exec('DELETE FROM chain; DELETE FROM settled; DELETE FROM payouts;');
  db.prepare('INSERT INTO chain VALUES (?)').run(firstBlock);
}
