import { InvalidInputError } from '@semblance/core/errors';
import { NO_COMMIT } from '../../block/types.ts';
import { ConsensusError } from '../../errors.ts';
import type { BlockMeta } from '../../store/block-store.ts';
import { internalError } from '../errors.ts';
import { requestedHeight } from '../height.ts';
import {
  base64,
  blockIdJson,
  blockJson,
  commitJson,
  eventJson,
  headerJson,
  txResultJson,
} from '../json.ts';
import type { Method, RpcNode } from '../node.ts';
import type { Params } from '../params.ts';
import { blockMeta } from './about.ts';

/** As many as CometBFT returns at once. */
const MAX_BLOCKCHAIN = 20n;

export const block: Method = {
  params: ['height'],
  call: (node, params) => blockAt(node, requestedHeight(node, params)),
};

export const blockByHash: Method = {
  params: ['hash'],
  call(node, params) {
    const height = node.blocks.heightOf(requiredHash(params));
    if (height !== undefined) return blockAt(node, height);
    return { block_id: { hash: '', parts: { total: 0, hash: '' } }, block: null };
  },
};

export const header: Method = {
  params: ['height'],
  call: (node, params) => headerOf(blockMeta(node, requestedHeight(node, params))),
};

export const headerByHash: Method = {
  params: ['hash'],
  call(node, params) {
    const height = node.blocks.heightOf(requiredHash(params));
    return height === undefined ? { header: null } : headerOf(blockMeta(node, height));
  },
};

export const commit: Method = {
  params: ['height'],
  call(node, params) {
    const height = requestedHeight(node, params);
    const votes = node.blocks.commit(height);
    if (votes === undefined) {
      throw new ConsensusError('BLOCK_STORE_CORRUPT', `no commit ${height}`, { height });
    }
    return {
      signed_header: {
        header: headerJson(blockMeta(node, height).header),
        commit: commitJson(votes),
      },
      // Until the next block holds these votes they are only what this node has seen.
      canonical: height < node.producer.tip.height,
    };
  },
};

export const blockResults: Method = {
  params: ['height'],
  call(node, params) {
    const height = requestedHeight(node, params);
    const result = node.blocks.result(height);
    if (result === undefined) {
      throw new ConsensusError('BLOCK_STORE_CORRUPT', `no results ${height}`, { height });
    }
    return {
      height: String(height),
      txs_results: node.blocks.txs(height).map((record) => txResultJson(record.result)),
      finalize_block_events: result.events.map(eventJson),
      validator_updates: null,
      consensus_param_updates: null,
      app_hash: base64(result.appHash),
    };
  },
};

/** Metas from `maxHeight` down, at most 20, not below `minHeight`. */
export const blockchain: Method = {
  params: ['minHeight', 'maxHeight'],
  call(node, params) {
    const latest = node.producer.tip.height;
    const asked = params.integer('maxHeight') ?? 0n;
    const max = asked <= 0n || asked > latest ? latest : asked;
    const wanted = params.integer('minHeight') ?? 1n;
    const lowest = max - MAX_BLOCKCHAIN + 1n;
    const min = [node.genesis.initialHeight, wanted, lowest].reduce((a, b) => (a > b ? a : b));
    if (min > max) throw internalError(`min height ${min} can't be greater than max height ${max}`);
    const metas: ReturnType<typeof metaJson>[] = [];
    for (let height = max; height >= min; height--) metas.push(metaJson(blockMeta(node, height)));
    return { last_height: String(latest), block_metas: metas };
  },
};

function blockAt(node: RpcNode, height: bigint) {
  const meta = blockMeta(node, height);
  const txs = node.blocks.txs(height).map(({ tx }) => tx);
  const lastCommit = node.blocks.commit(height - 1n) ?? NO_COMMIT;
  return {
    block_id: blockIdJson(meta.id),
    block: blockJson({ header: meta.header, txs, lastCommit }),
  };
}

function headerOf(meta: BlockMeta) {
  return { header: headerJson(meta.header) };
}

function metaJson(meta: BlockMeta) {
  return {
    block_id: blockIdJson(meta.id),
    block_size: String(meta.size),
    header: headerJson(meta.header),
    num_txs: String(meta.txCount),
  };
}

function requiredHash(params: Params): Uint8Array {
  const hash = params.bytes('hash');
  if (hash?.length !== 32) throw new InvalidInputError('hash', 'not 32 bytes long');
  return hash;
}
