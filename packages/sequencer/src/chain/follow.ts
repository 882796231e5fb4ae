import type { Chain } from '@semblance/client/chain';
import type { MlEvent } from '@semblance/client/events';
import { fromHex } from '@semblance/core/bytes';
import type { Board } from '../jobs/board.ts';
import type { Submitter } from '../jobs/submitter.ts';
import type { Catalog } from '../models/catalog.ts';
import type { NodeDirectory } from '../nodes/directory.ts';
import type { Ledger } from './ledger.ts';
import { type ChainWatch, watchChain } from './watch.ts';

export interface Followers {
  readonly board: Board;
  readonly ledger: Ledger;
  readonly directory: NodeDirectory;
  readonly catalog: Catalog;
  readonly submitter: Submitter;
}

/** Keeps everything that mirrors the chain in step with it. What an event misses the poll reads. */
export function followChain(chain: Chain, followers: Followers): ChainWatch {
  const { board, ledger, directory, catalog, submitter } = followers;
  const record = async (jobId: string): Promise<void> => {
    const job = await chain.query.job(fromHex(jobId));
    if (job) ledger.record(job);
  };
  const onEvent = (event: MlEvent): void => {
    if ('jobId' in event) board.touch(event.jobId);
    if (event.type === 'job_submitted') ledger.opened(event.jobId);
    if (event.type === 'job_settled') record(event.jobId).catch(() => {});
    if (event.type === 'node_registered' || event.type === 'node_jailed') {
      directory.refresh().catch(() => {});
    }
  };
  const onPoll = async (): Promise<void> => {
    await Promise.all([
      board.refreshAll(),
      directory.refresh(),
      ledger.catchUp(),
      catalog.models(),
    ]);
    submitter.wake();
  };
  return watchChain(chain, { onEvent, onPoll });
}
