import { InvalidInputError } from '@semblance/core/errors';
import { leafHash, merklePath } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { dataHash } from '../../block/roots.ts';
import { parseQuery } from '../../query/parse.ts';
import { MempoolError } from '../../solo/mempool.ts';
import type { TxRecord } from '../../store/block-store.ts';
import type { TxPosition } from '../../store/keys.ts';
import { internalError } from '../errors.ts';
import { base64, hex, txResultJson } from '../json.ts';
import type { Method, RpcNode } from '../node.ts';
import { ordered, pageOf } from '../pages.ts';
import type { Params } from '../params.ts';

/** How long `broadcast_tx_commit` waits for the block. */
const COMMIT_TIMEOUT_MS = 10_000;
const DEFAULT_UNCONFIRMED = 30n;
const MAX_UNCONFIRMED = 100n;

/** Answers when the transaction is checked. */
export const broadcastTxSync: Method = {
  params: ['tx'],
  call(node, params) {
    const { hash, result } = node.producer.mempool.add(requiredTx(params));
    const { code, codespace, log } = result;
    return { code, data: '', log, codespace, hash: hex(hash) };
  },
};

/** Says nothing about the check; here it is made all the same, since it is no work to wait for. */
export const broadcastTxAsync: Method = {
  params: ['tx'],
  call(node, params) {
    const tx = requiredTx(params);
    try {
      node.producer.mempool.add(tx);
    } catch (error) {
      if (!(error instanceof MempoolError)) throw error;
    }
    return { code: 0, data: '', log: '', codespace: '', hash: hex(sha256(tx)) };
  },
};

/** Answers when the transaction is in a block, or was refused. */
export const broadcastTxCommit: Method = {
  params: ['tx'],
  async call(node, params) {
    const { hash, result } = node.producer.mempool.add(requiredTx(params));
    const answer = { check_tx: txResultJson(result), hash: hex(hash) };
    if (result.code !== 0) return { ...answer, tx_result: emptyTxResult, height: '0' };
    const { height, index } = await inclusion(node, hash);
    const record = txAt(node, { height, index });
    return { ...answer, tx_result: txResultJson(record.result), height: String(height) };
  },
};

export const tx: Method = {
  params: ['hash', 'prove'],
  call(node, params) {
    const hash = params.bytes('hash');
    if (hash?.length !== 32) throw new InvalidInputError('hash', 'not 32 bytes long');
    const position = node.blocks.index.positionOf(hash);
    if (position === undefined) throw internalError(`tx (${hex(hash)}) not found`);
    return txJson(node, txAt(node, position), params.boolean('prove') ?? false);
  },
};

export const txSearch: Method = {
  params: ['query', 'prove', 'page', 'per_page', 'order_by'],
  call(node, params) {
    const query = params.text('query');
    if (query === undefined) throw new InvalidInputError('query', 'missing');
    const found = node.blocks.index.search(parseQuery(query));
    const prove = params.boolean('prove') ?? false;
    const page = pageOf(ordered(found, params), params);
    return {
      txs: page.map((position) => txJson(node, txAt(node, position), prove)),
      total_count: String(found.length),
    };
  },
};

export const unconfirmedTxs: Method = {
  params: ['limit'],
  call(node, params) {
    const asked = params.integer('limit') ?? DEFAULT_UNCONFIRMED;
    const limit = Number(asked < 1n || asked > MAX_UNCONFIRMED ? MAX_UNCONFIRMED : asked);
    const txs = node.producer.mempool.oldest(limit);
    return { ...counts(node, txs.length), txs: txs.map(({ bytes }) => base64(bytes)) };
  },
};

export const numUnconfirmedTxs: Method = {
  params: [],
  call: (node) => ({ ...counts(node, node.producer.mempool.size), txs: null }),
};

const emptyTxResult = txResultJson({
  code: 0,
  codespace: '',
  data: new Uint8Array(0),
  log: '',
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
});

function counts(node: RpcNode, returned: number) {
  const { size, bytes } = node.producer.mempool;
  return { n_txs: String(returned), total: String(size), total_bytes: String(bytes) };
}

function requiredTx(params: Params): Uint8Array {
  const bytes = params.bytes('tx');
  if (bytes === undefined) throw new InvalidInputError('tx', 'missing');
  return bytes;
}

/** Resolves with the place of a transaction as soon as a block holds it. */
function inclusion(node: RpcNode, hash: Uint8Array): Promise<TxPosition> {
  const { promise, resolve, reject } = Promise.withResolvers<TxPosition>();
  const query = parseQuery(`tm.event='Tx' AND tx.hash='${hex(hash)}'`);
  const unsubscribe = node.events.subscribe(query, () => {
    const position = node.blocks.index.positionOf(hash);
    if (position !== undefined) resolve(position);
  });
  const timeout = setTimeout(
    () => reject(internalError('timed out waiting for tx to be included in a block')),
    COMMIT_TIMEOUT_MS,
  );
  return promise.finally(() => {
    unsubscribe();
    clearTimeout(timeout);
  });
}

function txAt(node: RpcNode, position: TxPosition): TxRecord {
  const record = node.blocks.tx(position);
  if (record === undefined) throw internalError(`no tx ${position.index} in ${position.height}`);
  return record;
}

function txJson(node: RpcNode, record: TxRecord, prove: boolean) {
  return {
    hash: hex(sha256(record.tx)),
    height: String(record.height),
    index: record.index,
    tx_result: txResultJson(record.result),
    tx: base64(record.tx),
    ...(prove ? { proof: proofJson(node, record) } : {}),
  };
}

/** Merkle path to the header's `data_hash`: it shows inclusion, not success. */
function proofJson(node: RpcNode, { height, index, tx: bytes }: TxRecord) {
  const hashes = node.blocks.txs(height).map((other) => sha256(other.tx));
  return {
    root_hash: hex(dataHash(hashes)),
    data: base64(bytes),
    proof: {
      total: String(hashes.length),
      index: String(index),
      leaf_hash: base64(leafHash(hashes[index] as Uint8Array)),
      aunts: merklePath(hashes, index).map(base64),
    },
  };
}
