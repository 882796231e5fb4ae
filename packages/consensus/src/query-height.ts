import type { QueryResult } from '@semblance/chain/application';

/** `ErrInvalidHeight` of the Cosmos SDK. */
const INVALID_HEIGHT = 26;

/** The answer to a query at a height other than the last: only the latest state is kept. */
export function wrongHeight(asked: bigint, latest: bigint): QueryResult {
  return {
    code: INVALID_HEIGHT,
    codespace: 'sdk',
    log: `no state at height ${asked} is kept, only at ${latest}`,
    value: new Uint8Array(),
    height: latest,
  };
}
