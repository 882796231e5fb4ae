import type { Method } from '../node.ts';
import * as abci from './abci.ts';
import * as about from './about.ts';
import * as blocks from './blocks.ts';
import * as txs from './txs.ts';

/** Every method that takes one request and gives one answer. */
export const methods: ReadonlyMap<string, Method> = new Map([
  ['health', about.health],
  ['status', about.status],
  ['net_info', about.netInfo],
  ['genesis', about.genesis],
  ['genesis_chunked', about.genesisChunked],
  ['consensus_params', about.consensusParams],
  ['validators', about.validators],
  ['abci_info', abci.abciInfo],
  ['abci_query', abci.abciQuery],
  ['block', blocks.block],
  ['block_by_hash', blocks.blockByHash],
  ['block_results', blocks.blockResults],
  ['blockchain', blocks.blockchain],
  ['commit', blocks.commit],
  ['header', blocks.header],
  ['header_by_hash', blocks.headerByHash],
  ['broadcast_tx_sync', txs.broadcastTxSync],
  ['broadcast_tx_async', txs.broadcastTxAsync],
  ['broadcast_tx_commit', txs.broadcastTxCommit],
  ['tx', txs.tx],
  ['tx_search', txs.txSearch],
  ['unconfirmed_txs', txs.unconfirmedTxs],
  ['num_unconfirmed_txs', txs.numUnconfirmedTxs],
]);
