import type { Chain } from '@semblance/client/chain';
import { fromHex } from '@semblance/core/bytes';
import type { Board } from './board.ts';
import type { JobStore, StoredJob } from './job-store.ts';

/**
 * Takes up the jobs that an earlier run left open. Returns those to be sent (again): the same
 * requests, so that the chain refuses whatever it has already.
 */
export async function resumeJobs(
  chain: Pick<Chain, 'query'>,
  store: JobStore,
  board: Board,
): Promise<StoredJob[]> {
  const waiting: StoredJob[] = [];
  for (const job of store.open()) {
    if (await chain.query.job(fromHex(job.id))) {
      board.track(job);
      await board.refresh(job.id);
    } else if (await wasSubmitted(chain, job.id)) {
      store.markFailed(job.id, FORGOTTEN);
    } else {
      const again = waitingAgain(store, job);
      board.track(again);
      waiting.push(again);
    }
  }
  return waiting;
}

/** The chain prunes settled jobs; one sent again after that would be paid for twice. */
const FORGOTTEN = {
  code: 'job_forgotten',
  message: 'the job settled while this server was away, and the chain no longer keeps it',
};

async function wasSubmitted({ query }: Pick<Chain, 'query'>, id: string): Promise<boolean> {
  const found = await query.txs(`job_submitted.job_id='${id}'`, 1);
  return found.some(({ code }) => code === 0);
}

function waitingAgain(store: JobStore, job: StoredJob): StoredJob {
  if (job.state === 'waiting') return job;
  // Only a chain that was started anew has lost a job that it held.
  store.markWaiting(job.id);
  return { ...job, state: 'waiting' };
}
