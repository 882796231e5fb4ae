import { authQueries } from './modules/auth/query.ts';
import { bankQueries } from './modules/bank/query.ts';
import { distributionQueries } from './modules/distribution/query.ts';
import { govQueries } from './modules/gov/query.ts';
import { mlQueries } from './modules/ml/query.ts';
import { slashingQueries } from './modules/slashing/query.ts';
import { stakingQueries } from './modules/staking/query.ts';
import { upgradeQueries } from './modules/upgrade/query.ts';
import { nodeQueries } from './node-query.ts';
import type { QueryHandler } from './query.ts';
import { txQueries } from './tx/query.ts';

/** Every gRPC method that the application answers. */
export const QUERIES: ReadonlyMap<string, QueryHandler> = new Map(
  Object.entries({
    ...authQueries,
    ...bankQueries,
    ...stakingQueries,
    ...slashingQueries,
    ...distributionQueries,
    ...govQueries,
    ...upgradeQueries,
    ...mlQueries,
    ...nodeQueries,
    ...txQueries,
  }),
);
