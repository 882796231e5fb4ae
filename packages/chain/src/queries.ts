import { authQueries } from './modules/auth/query.ts';
import { bankQueries } from './modules/bank/query.ts';
import { mlQueries } from './modules/ml/query.ts';
import { nodeQueries } from './node-query.ts';
import type { QueryHandler } from './query.ts';
import { txQueries } from './tx/query.ts';

/** Every gRPC method that the application answers. */
export const QUERIES: ReadonlyMap<string, QueryHandler> = new Map(
  Object.entries({ ...authQueries, ...bankQueries, ...mlQueries, ...nodeQueries, ...txQueries }),
);
