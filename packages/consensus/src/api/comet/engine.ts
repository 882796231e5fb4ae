import { toHex } from '@semblance/core/bytes';
import type { RpcCall } from '../../rpc/call.ts';
import type {
  AbciInfoJson,
  AbciQueryJson,
  BlockJson,
  BroadcastJson,
  HeaderJson,
  StatusJson,
  TxJson,
  TxSearchJson,
  ValidatorsJson,
} from './answers.ts';

/** CometBFT's methods that the API needs, for the time of one request. */
export interface Engine {
  status(): Promise<StatusJson>;
  abciInfo(): Promise<AbciInfoJson>;
  /** Height 0 means the latest. */
  abciQuery(query: AbciQuery): Promise<AbciQueryJson>;
  /** Without a height, the latest. */
  block(height?: bigint): Promise<BlockJson>;
  header(height: bigint): Promise<HeaderJson>;
  validators(page: Page, height?: bigint): Promise<ValidatorsJson>;
  tx(hash: Uint8Array): Promise<TxJson>;
  txSearch(query: string, order: 'asc' | 'desc', page: Page): Promise<TxSearchJson>;
  broadcast(tx: Uint8Array, wait: 'sync' | 'async'): Promise<BroadcastJson>;
}

export interface AbciQuery {
  readonly path: string;
  readonly data: Uint8Array;
  readonly height?: bigint | undefined;
  readonly prove?: boolean;
}

/** `page` counts from 1. */
export interface Page {
  readonly page: number;
  readonly perPage: number;
}

/** `signal` ends every call that is under way. */
export function engineOver(rpc: RpcCall, signal: AbortSignal): Engine {
  const call = <T>(method: string, params: Record<string, unknown> = {}) =>
    rpc(method, params, signal) as Promise<T>;
  const at = (height: bigint | undefined) => (height === undefined ? {} : { height: `${height}` });
  const paging = ({ page, perPage }: Page) => ({ page: `${page}`, per_page: `${perPage}` });
  return {
    status: () => call('status'),
    abciInfo: () => call('abci_info'),
    abciQuery: ({ path, data, height = 0n, prove = false }) =>
      call('abci_query', { path, data: toHex(data), height: `${height}`, prove }),
    block: (height) => call('block', at(height)),
    header: async (height) => (await call<{ header: HeaderJson }>('header', at(height))).header,
    validators: (page, height) => call('validators', { ...at(height), ...paging(page) }),
    tx: (hash) => call('tx', { hash: Buffer.from(hash).toString('base64'), prove: false }),
    txSearch: (query, order_by, page) =>
      call('tx_search', { query, prove: false, order_by, ...paging(page) }),
    broadcast: (tx, wait) =>
      call(`broadcast_tx_${wait}`, { tx: Buffer.from(tx).toString('base64') }),
  };
}
