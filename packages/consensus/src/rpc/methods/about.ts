import { InvalidInputError } from '@semblance/core/errors';
import { ConsensusError } from '../../errors.ts';
import type { BlockMeta } from '../../store/block-store.ts';
import { requestedHeight } from '../height.ts';
import { base64, hex, time } from '../json.ts';
import type { Method, RpcNode } from '../node.ts';
import { pageOf } from '../pages.ts';

/** Clients choose their decoder by it. */
const COMETBFT_VERSION = '0.38.25';
const P2P_PROTOCOL = '8';
const GENESIS_CHUNK_BYTES = 16 * 1024 * 1024;

export const health: Method = { params: [], call: () => ({}) };

export const status: Method = {
  params: [],
  call(node) {
    const { tip } = node.producer;
    const earliest = blockMeta(node, node.genesis.initialHeight);
    return {
      node_info: nodeInfo(node),
      sync_info: {
        latest_block_hash: hex(tip.id.hash),
        latest_app_hash: hex(tip.appHash),
        latest_block_height: String(tip.height),
        latest_block_time: time(tip.timeMs),
        earliest_block_hash: hex(earliest.id.hash),
        earliest_app_hash: hex(earliest.header.appHash),
        earliest_block_height: String(earliest.header.height),
        earliest_block_time: time(earliest.header.timeMs),
        catching_up: false,
      },
      validator_info: {
        address: hex(node.validator.address),
        pub_key: publicKeyJson(node.validator.publicKey),
        voting_power: String(node.validator.power),
      },
    };
  },
};

export const netInfo: Method = {
  params: [],
  call: () => ({ listening: false, listeners: [], n_peers: '0', peers: [] }),
};

export const genesis: Method = {
  params: [],
  call: (node) => ({ genesis: node.genesisJson }),
};

export const genesisChunked: Method = {
  params: ['chunk'],
  call(node, params) {
    const whole = Buffer.from(JSON.stringify(node.genesisJson));
    const total = Math.ceil(whole.length / GENESIS_CHUNK_BYTES);
    const chunk = Number(params.integer('chunk') ?? 0n);
    if (chunk < 0 || chunk >= total) {
      throw new InvalidInputError('chunk', `there are ${total} chunks, given ${chunk}`);
    }
    const start = chunk * GENESIS_CHUNK_BYTES;
    const data = base64(whole.subarray(start, start + GENESIS_CHUNK_BYTES));
    return { chunk: String(chunk), total: String(total), data };
  },
};

export const consensusParams: Method = {
  params: ['height'],
  call: (node, params) => ({
    block_height: String(requestedHeight(node, params)),
    consensus_params: node.genesisJson.consensus_params,
  }),
};

export const validators: Method = {
  params: ['height', 'page', 'per_page'],
  call(node, params) {
    const all = [
      {
        address: hex(node.validator.address),
        pub_key: publicKeyJson(node.validator.publicKey),
        voting_power: String(node.validator.power),
        proposer_priority: '0',
      },
    ];
    const page = pageOf(all, params);
    return {
      block_height: String(requestedHeight(node, params)),
      validators: page,
      count: String(page.length),
      total: String(all.length),
    };
  },
};

function nodeInfo(node: RpcNode) {
  return {
    protocol_version: {
      p2p: P2P_PROTOCOL,
      block: '11',
      app: String(node.genesis.appVersion),
    },
    id: hex(node.validator.address).toLowerCase(),
    listen_addr: 'none',
    network: node.genesis.chainId,
    version: COMETBFT_VERSION,
    channels: '',
    moniker: 'semblance-solo',
    other: { tx_index: 'on', rpc_address: '' },
  };
}

function publicKeyJson(publicKey: Uint8Array) {
  return { type: 'tendermint/PubKeyEd25519', value: base64(publicKey) };
}

/** A block that must be there, since nothing is served before it is. */
export function blockMeta(node: RpcNode, height: bigint): BlockMeta {
  const meta = node.blocks.meta(height);
  if (meta === undefined) {
    throw new ConsensusError('BLOCK_STORE_CORRUPT', `no block ${height}`, { height });
  }
  return meta;
}
