import type { Chain } from '@semblance/client/chain';
import { standingName } from '@semblance/client/receipt';
import { fromHex } from '@semblance/core/bytes';
import { JobPhase } from '@semblance/proto/ml';
import { memberOf } from './duty.ts';
import { type Log, reasonOf } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { RunStore } from './run-store.ts';

/** Follows this node's jobs until they are settled. */
export interface Outcomes {
  follow(jobId: string): void;
  isFollowed(jobId: string): boolean;
  /** Reads the given jobs from the chain and closes those that are settled. */
  read(jobIds: Iterable<string>): Promise<void>;
  /** All that are followed and all runs on disk that were not revealed. */
  readAll(): Promise<void>;
}

export interface OutcomesParts {
  readonly chain: Chain;
  readonly node: string;
  readonly runs: RunStore;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export function createOutcomes({
  chain,
  node,
  runs,
  metrics,
  log,
  signal,
}: OutcomesParts): Outcomes {
  const followed = new Set<string>();

  const readOne = async (jobId: string): Promise<void> => {
    const job = await chain.query.job(fromHex(jobId), { signal });
    const member = job && memberOf(job, node);
    if (job && job.phase !== JobPhase.SETTLED) return;
    // Only what the chain says is over: a server that knows no such job may know little.
    if (job && !runs.isRevealed(jobId)) await runs.discard(jobId);
    if (!followed.delete(jobId) || !member) return;
    const outcome = standingName(member.standing) ?? 'undecided';
    metrics.jobs.inc({ outcome });
    log('info', 'settled', { job: jobId, outcome, payout: member.payout });
  };

  const read: Outcomes['read'] = async (jobIds) => {
    for (const jobId of jobIds) {
      await readOne(jobId).catch((error: unknown) => {
        if (!signal.aborted) log('warn', 'job_unread', { job: jobId, reason: reasonOf(error) });
      });
    }
  };

  return {
    follow: (jobId) => followed.add(jobId),
    isFollowed: (jobId) => followed.has(jobId),
    read,
    readAll: () => read(new Set([...followed, ...runs.unrevealed()])),
  };
}
