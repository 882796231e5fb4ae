import type { Chain } from '@semblance/client/chain';
import type { Receipt } from '@semblance/client/receipt';
import type { ApiKeys } from '../accounts/api-keys.ts';
import type { Artifacts } from '../artifacts/artifacts.ts';
import type { RecentBlocks } from '../chain/blocks.ts';
import type { Ledger } from '../chain/ledger.ts';
import type { Board } from '../jobs/board.ts';
import type { Intake } from '../jobs/intake.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Catalog } from '../models/catalog.ts';
import type { NodeDirectory } from '../nodes/directory.ts';
import type { ProgressFeed } from '../nodes/progress-feed.ts';
import type { EventStreams } from './event-streams.ts';

/** What the routes answer from. */
export interface Services {
  readonly chain: Pick<Chain, 'chainId' | 'denom' | 'query'>;
  readonly catalog: Catalog;
  readonly store: JobStore;
  readonly board: Board;
  readonly intake: Intake;
  readonly artifacts: Artifacts;
  /** Undefined when there is no such job or it is not settled. */
  readonly receiptOf: (jobId: string) => Promise<Receipt | undefined>;
  readonly directory: NodeDirectory;
  readonly feed: ProgressFeed;
  readonly ledger: Ledger;
  readonly recentBlocks: RecentBlocks;
  readonly apiKeys: ApiKeys;
  /** Whether requests without a key spend from the local account. */
  readonly localKey: 'open' | 'closed';
  readonly streams: EventStreams;
  readonly metrics: Metrics;
  readonly limits: Limits;
  /** Whether blocks are being seen. */
  readonly isChainLive: () => boolean;
  readonly waitingJobs: () => number;
  /** Folder of the built web page. */
  readonly pageDir: string | undefined;
  readonly log: Log;
}
