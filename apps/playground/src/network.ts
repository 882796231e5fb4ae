import {
  amount,
  count,
  type Decode,
  fields,
  flag,
  hex,
  list,
  nullable,
  oneOf,
  text,
} from './decode.ts';

/** An ML node as the chain and the sequencer know it. */
export interface Node {
  readonly address: string;
  readonly runtime: string;
  readonly models: readonly string[];
  readonly stake: bigint;
  readonly status: 'active' | 'jailed' | 'leaving';
  readonly jailedUntil: number;
  readonly online: boolean;
  readonly agreed: number;
  readonly dissented: number;
  readonly missed: number;
  readonly faults: number;
  readonly earned: bigint;
}

export interface Block {
  readonly height: number;
  /** Block time, Unix milliseconds. */
  readonly time: number;
  readonly hash: string;
  readonly appHash: string;
  readonly txs: number;
  readonly proposer: string;
}

export interface Status {
  readonly chainId: string;
  readonly height: number;
  readonly nodes: number;
}

export const node: Decode<Node> = (value, at) => {
  const it = fields(value, at);
  return {
    address: text(it.address, `${at}.address`),
    runtime: nullable(text)(it.runtime, `${at}.runtime`) || 'unnamed runtime',
    models: list(text)(it.models, `${at}.models`),
    stake: amount(it.stake, `${at}.stake`),
    status: oneOf('active', 'jailed', 'leaving')(it.status, `${at}.status`),
    jailedUntil: nullable(count)(it.jailed_until, `${at}.jailed_until`) ?? 0,
    online: nullable(flag)(it.online, `${at}.online`) ?? false,
    agreed: count(it.jobs_agreed, `${at}.jobs_agreed`),
    dissented: count(it.jobs_dissented, `${at}.jobs_dissented`),
    missed: count(it.jobs_missed, `${at}.jobs_missed`),
    faults: count(it.faults, `${at}.faults`),
    earned: nullable(amount)(it.earned, `${at}.earned`) ?? 0n,
  };
};

/** Unix milliseconds from a count or from RFC 3339 text: engines print both. */
const instant: Decode<number> = (value, at) => {
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? count(value, at) : parsed;
};

export const block: Decode<Block> = (value, at) => {
  const it = fields(value, at);
  return {
    height: count(it.height, `${at}.height`),
    time: instant(it.time, `${at}.time`),
    hash: hex(32)(it.hash, `${at}.hash`),
    appHash: text(it.app_hash, `${at}.app_hash`).toLowerCase(),
    txs: count(it.txs, `${at}.txs`),
    proposer: nullable(text)(it.proposer, `${at}.proposer`) ?? '',
  };
};

export const status: Decode<Status> = (value, at) => {
  const it = fields(value, at);
  return {
    chainId: text(it.chain_id, `${at}.chain_id`),
    height: count(it.height, `${at}.height`),
    nodes: count(it.nodes, `${at}.nodes`),
  };
};
