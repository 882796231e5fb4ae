import { CHAIN_ID, JOBS, openLoad, settle, stateOfJobs } from '../settle-rate.ts';
import { startEngines } from './engines.ts';
import { percentile } from './percentile.ts';
import { BLOCK_MS } from './transfers.ts';

const ROUNDS = 3;

export interface JobsRun {
  readonly validators: number;
  readonly jobs: number;
  /** Median of the rounds, after one that warms up. */
  readonly perSecond: number;
}

/** Jobs a second from submission to payout: seven transactions each, in three phases. */
export async function jobsRun(validators: number): Promise<JobsRun> {
  const engines = await startEngines({
    application: 'semblance',
    validators,
    chainId: CHAIN_ID,
    blockMs: BLOCK_MS,
    appState: stateOfJobs(),
  });
  try {
    // Over a socket CometBFT answers a check after up to 20 ms: waiting for each would be the limit.
    const submission = { batch: 10, method: 'broadcast_tx_async' } as const;
    const load = await openLoad(engines.rpcUrls[0] as string, submission);
    const rates: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) rates.push(JOBS / (await settle(load, round)));
    load.close();
    return { validators, jobs: JOBS, perSecond: percentile(rates.slice(1), 0.5) };
  } finally {
    await engines.stop();
  }
}
