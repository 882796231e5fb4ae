import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { toHex } from '@semblance/core/bytes';
import {
  type Job,
  type Model,
  type Node,
  type Params,
  QueryDutiesRequestSchema,
  QueryDutiesResponseSchema,
  QueryInputsRequestSchema,
  QueryInputsResponseSchema,
  QueryJobRequestSchema,
  QueryJobResponseSchema,
  QueryJobsRequestSchema,
  QueryJobsResponseSchema,
  QueryModelRequestSchema,
  QueryModelResponseSchema,
  QueryModelsRequestSchema,
  QueryModelsResponseSchema,
  QueryNodeRequestSchema,
  QueryNodeResponseSchema,
  QueryNodesRequestSchema,
  QueryNodesResponseSchema,
  QueryParamsRequestSchema,
  QueryParamsResponseSchema,
} from '@semblance/proto/ml';
import { BaseAccount } from 'cosmjs-types/cosmos/auth/v1beta1/auth';
import { QueryAccountRequest, QueryAccountResponse } from 'cosmjs-types/cosmos/auth/v1beta1/query';
import {
  QueryAllBalancesRequest,
  QueryAllBalancesResponse,
  QueryBalanceRequest,
  QueryBalanceResponse,
} from 'cosmjs-types/cosmos/bank/v1beta1/query';
import {
  at,
  base64,
  type ExecutedTx,
  executedTx,
  type HeaderJson,
  integer,
  list,
  text,
} from './comet-json.ts';
import { ChainError } from './errors.ts';
import type { CallOptions, JsonRpc } from './json-rpc.ts';
import type { Coin } from './messages.ts';

export interface ChainStatus {
  readonly chainId: string;
  readonly height: bigint;
  /** The first block that can be asked for. */
  readonly earliestHeight: bigint;
  /** Upper-case hex. */
  readonly blockHash: string;
  readonly appHash: string;
  /** Time of the latest block, Unix milliseconds. */
  readonly timeMs: number;
  readonly version: string;
}

export interface Block {
  readonly height: bigint;
  readonly timeMs: number;
  /** Upper-case hex. */
  readonly hash: string;
  readonly header: HeaderJson;
  /** Without what the validators added to their votes, which stands before them in a block. */
  readonly txs: readonly Uint8Array[];
}

export interface Account {
  readonly number: bigint;
  readonly sequence: bigint;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor for the following page; empty at the end. */
  readonly next: Uint8Array;
}

/** Typed reads. What does not exist is undefined; a refusal is a ChainError. */
export interface Queries {
  status(options?: CallOptions): Promise<ChainStatus>;
  /** The latest block, or the one at a height. */
  block(height?: bigint, options?: CallOptions): Promise<Block>;
  /** An executed transaction by its hash, upper-case hex. */
  tx(hash: string, options?: CallOptions): Promise<ExecutedTx | undefined>;
  /** Transactions that a CometBFT event query selects, e.g. `job_submitted.job_id='…'`. */
  txs(query: string, limit?: number, options?: CallOptions): Promise<readonly FoundTx[]>;
  account(address: string, options?: CallOptions): Promise<Account | undefined>;
  /** Amount of one coin in its base unit. */
  balance(address: string, denom: string, options?: CallOptions): Promise<bigint>;
  balances(address: string, options?: CallOptions): Promise<readonly Coin[]>;
  params(options?: CallOptions): Promise<Params>;
  model(id: string, options?: CallOptions): Promise<Model | undefined>;
  models(options?: CallOptions): Promise<readonly Model[]>;
  node(address: string, options?: CallOptions): Promise<Node | undefined>;
  nodes(options?: CallOptions): Promise<readonly Node[]>;
  job(id: Uint8Array, options?: CallOptions): Promise<Job | undefined>;
  /** Newest first. `limit` is at most 100, `before` an exclusive cursor. */
  jobs(page?: { limit?: number; before?: Uint8Array }, options?: CallOptions): Promise<Page<Job>>;
  /** Open jobs in which the node still has to commit or reveal, oldest first. */
  duties(node: string, options?: CallOptions): Promise<readonly Job[]>;
  /** The files that an open job begins from, as its task names them; none once it has settled. */
  inputs(id: Uint8Array, options?: CallOptions): Promise<readonly Uint8Array[]>;
  /** A raw ABCI query; undefined when the chain says that there is no such thing. */
  abci(path: string, data: Uint8Array, options?: CallOptions): Promise<Uint8Array | undefined>;
}

export interface FoundTx extends ExecutedTx {
  readonly tx: Uint8Array;
}

const ML = '/semblance.ml.v1.Query';

export function createQueries(rpc: JsonRpc): Queries {
  const abci: Queries['abci'] = async (path, data, options) => {
    const response = at(
      await rpc.call('abci_query', { path, data: toHex(data), prove: false }, options),
      'response',
    );
    const code = Number(integer(at(response, 'code')));
    if (code === 0) return base64(at(response, 'value'));
    const codespace = text(at(response, 'codespace'));
    const log = text(at(response, 'log'));
    if (isNotFound(log)) return undefined;
    throw new ChainError({ chainCode: code, codespace, log });
  };

  /** Reads that have an answer even when nothing is there. */
  const present = async (path: string, data: Uint8Array, options?: CallOptions) => {
    const value = await abci(path, data, options);
    if (value === undefined) {
      throw new ChainError({ chainCode: 22, codespace: 'sdk', log: `${path}: not found` });
    }
    return value;
  };

  const ml = async <Request extends DescMessage, Response extends DescMessage>(
    method: string,
    request: Request,
    fields: MessageInitShape<Request>,
    response: Response,
    options?: CallOptions,
  ): Promise<MessageShape<Response> | undefined> => {
    const data = toBinary(request, create(request, fields) as MessageShape<Request>);
    const value = await abci(`${ML}/${method}`, data, options);
    return value && fromBinary(response, value);
  };

  const txs: Queries['txs'] = async (query, limit = 30, options) => {
    const found = await rpc.call(
      'tx_search',
      { query, prove: false, page: '1', per_page: String(limit), order_by: 'asc' },
      options,
    );
    return list(at(found, 'txs')).map((tx) => ({
      ...executedTx(text(at(tx, 'hash')), at(tx, 'height'), at(tx, 'tx_result')),
      tx: base64(at(tx, 'tx')),
    }));
  };

  return {
    abci,
    txs,
    tx: async (hash, options) => (await txs(`tx.hash='${hash.toUpperCase()}'`, 1, options))[0],
    status: async (options) => {
      const status = await rpc.call('status', {}, options);
      return {
        chainId: text(at(status, 'node_info', 'network')),
        version: text(at(status, 'node_info', 'version')),
        height: integer(at(status, 'sync_info', 'latest_block_height')),
        earliestHeight: integer(at(status, 'sync_info', 'earliest_block_height')),
        blockHash: text(at(status, 'sync_info', 'latest_block_hash')),
        appHash: text(at(status, 'sync_info', 'latest_app_hash')),
        timeMs: Date.parse(text(at(status, 'sync_info', 'latest_block_time'))),
      };
    },
    block: async (height, options) => {
      const found = await rpc.call(
        'block',
        height === undefined ? {} : { height: height.toString() },
        options,
      );
      const header = at(found, 'block', 'header') as HeaderJson;
      return {
        height: integer(at(header, 'height')),
        timeMs: Date.parse(text(at(header, 'time'))),
        hash: text(at(found, 'block_id', 'hash')),
        header,
        txs: list(at(found, 'block', 'data', 'txs'))
          .map(base64)
          .filter(isTransaction),
      };
    },
    account: async (address, options) => {
      const request = QueryAccountRequest.encode({ address }).finish();
      const value = await abci('/cosmos.auth.v1beta1.Query/Account', request, options);
      const any = value && QueryAccountResponse.decode(value).account;
      if (!any) return undefined;
      const { accountNumber, sequence } = BaseAccount.decode(any.value);
      return { number: accountNumber, sequence };
    },
    balance: async (address, denom, options) => {
      const request = QueryBalanceRequest.encode({ address, denom }).finish();
      const value = await present('/cosmos.bank.v1beta1.Query/Balance', request, options);
      return BigInt(QueryBalanceResponse.decode(value).balance?.amount ?? '0');
    },
    balances: async (address, options) => {
      const request = QueryAllBalancesRequest.encode(
        QueryAllBalancesRequest.fromPartial({ address }),
      ).finish();
      const value = await present('/cosmos.bank.v1beta1.Query/AllBalances', request, options);
      return QueryAllBalancesResponse.decode(value).balances;
    },
    params: async (options) => {
      const found = await ml(
        'Params',
        QueryParamsRequestSchema,
        {},
        QueryParamsResponseSchema,
        options,
      );
      if (!found?.params) {
        throw new ChainError({ chainCode: 22, codespace: 'ml', log: 'no parameters' });
      }
      return found.params;
    },
    model: async (id, options) =>
      (await ml('Model', QueryModelRequestSchema, { id }, QueryModelResponseSchema, options))
        ?.model,
    models: async (options) =>
      (await ml('Models', QueryModelsRequestSchema, {}, QueryModelsResponseSchema, options))
        ?.models ?? [],
    node: async (address, options) =>
      (await ml('Node', QueryNodeRequestSchema, { address }, QueryNodeResponseSchema, options))
        ?.node,
    nodes: async (options) =>
      (await ml('Nodes', QueryNodesRequestSchema, {}, QueryNodesResponseSchema, options))?.nodes ??
      [],
    job: async (id, options) =>
      (await ml('Job', QueryJobRequestSchema, { id }, QueryJobResponseSchema, options))?.job,
    jobs: async ({ limit = 30, before = new Uint8Array() } = {}, options) => {
      const fields = { limit, before };
      const page = await ml(
        'Jobs',
        QueryJobsRequestSchema,
        fields,
        QueryJobsResponseSchema,
        options,
      );
      return { items: page?.jobs ?? [], next: page?.next ?? new Uint8Array() };
    },
    duties: async (node, options) =>
      (await ml('Duties', QueryDutiesRequestSchema, { node }, QueryDutiesResponseSchema, options))
        ?.jobs ?? [],
    inputs: async (id, options) =>
      (await ml('Inputs', QueryInputsRequestSchema, { id }, QueryInputsResponseSchema, options))
        ?.inputs ?? [],
  };
}

/** Cosmos applications tell a missing thing by this text alone. */
function isNotFound(log: string): boolean {
  return log.includes('code = NotFound');
}

/** A message of protobuf never begins with a zero, which is how the validators' part of a block is told. */
function isTransaction(bytes: Uint8Array): boolean {
  return bytes[0] !== 0;
}
