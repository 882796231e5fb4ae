import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { isCarrier } from '@semblance/chain/vote-extension';
import { sha256 } from '@semblance/core/sha256';
import type { TxResponseSchema } from '@semblance/proto/gen/cosmos/base/abci/v1beta1/abci_pb';
import {
  BroadcastMode,
  type GetTxsEventRequest,
  OrderBy,
  Service,
  SimulateRequestSchema,
  SimulateResponseSchema,
} from '@semblance/proto/gen/cosmos/tx/v1beta1/service_pb';
import {
  AuthInfoSchema,
  type Tx,
  TxBodySchema,
  TxRawSchema,
  TxSchema,
} from '@semblance/proto/gen/cosmos/tx/v1beta1/tx_pb';
import { RpcError } from '../../rpc/errors.ts';
import type { BroadcastJson, TxJson } from '../comet/answers.ts';
import { base64, block, blockId, hex } from '../comet/block.ts';
import type { Engine, Page } from '../comet/engine.ts';
import { ApiError, invalidArgument } from '../errors.ts';
import { answered, type CallContext, pathOf } from './method.ts';
import { pageAt, pageOf } from './pages.ts';
import { applicationQuery } from './query.ts';

const { method } = Service;

/** Transactions: `cosmos.tx.v1beta1.Service`, all but legacy amino's binary form. */
export const txMethods = [
  answered(method.simulate, simulate),
  answered(method.getTx, getTx),
  answered(method.broadcastTx, broadcast),
  answered(method.getTxsEvent, search),
  answered(method.getBlockWithTxs, blockWithTxs),
  answered(method.txDecode, (_, { txBytes }) => ({ tx: decodeTx(txBytes) })),
  answered(method.txEncode, (_, { tx }) => ({ txBytes: encodeTx(required(tx, 'tx')) })),
] as const;

/** What stops a transaction here is not known by a kind: like the Cosmos SDK, it is told in words. */
async function simulate({ engine, height }: CallContext, { tx, txBytes }: SimulateParts) {
  const bytes = txBytes.length === 0 && tx !== undefined ? encodeTx(tx) : txBytes;
  if (bytes.length === 0) throw invalidArgument('empty txBytes is not allowed');
  const data = toBinary(SimulateRequestSchema, create(SimulateRequestSchema, { txBytes: bytes }));
  const path = pathOf(method.simulate);
  const { code, log, value } = await applicationQuery(engine, { path, data, height });
  if (code !== 0) throw new ApiError(Code.Unknown, log);
  return fromBinary(SimulateResponseSchema, value);
}

interface SimulateParts {
  readonly tx?: Tx | undefined;
  readonly txBytes: Uint8Array;
}

async function getTx({ engine }: CallContext, { hash }: { readonly hash: string }) {
  if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw invalidArgument('hash: not 64 hex digits');
  const found = await engine.tx(hex(hash)).catch((error: unknown) => {
    if (!(error instanceof RpcError && / not found/.test(error.details.data))) throw error;
    throw new ApiError(Code.NotFound, `tx not found: ${hash}`);
  });
  const tx = decodeTx(base64(found.tx));
  return { tx, txResponse: txResponse(found, tx, await timeOf(engine, found.height)) };
}

type SearchParts = Pick<
  GetTxsEventRequest,
  'events' | 'pagination' | 'orderBy' | 'page' | 'limit' | 'query'
>;

/**
 * By `query`, or by the older `events`, all of which have to hold; newest first with ORDER_BY_DESC. What the
 * validators added to their votes, which the engine counts among a block's transactions, is passed over.
 */
async function search({ engine }: CallContext, request: SearchParts) {
  const query = request.query || request.events.join(' AND ');
  if (query === '') throw invalidArgument('query: must not be empty');
  const order = request.orderBy === OrderBy.DESC ? 'desc' : 'asc';
  const found = await engine.txSearch(query, order, searchPage(request));
  const times = timesOf(engine);
  const signed = found.txs.filter(({ tx }) => !isCarrier(base64(tx)));
  const txs = signed.map((tx) => decodeTx(base64(tx.tx)));
  const txResponses = await Promise.all(
    signed.map(async (tx, i) => txResponse(tx, txs[i] as Tx, await times(tx.height))),
  );
  const total = BigInt(found.total_count);
  return { txs, txResponses, total, pagination: { total } };
}

/** The older pagination counts too, where the newer page and limit say nothing. */
function searchPage({ page, limit, pagination }: SearchParts): Page {
  return page === 0n && limit === 0n ? pageAt(pagination) : pageOf(page, limit);
}

async function blockWithTxs({ engine }: CallContext, request: BlockParts) {
  if (request.height < 1n) throw invalidArgument('height: must be greater than 0');
  const json = await engine.block(request.height);
  const { page, perPage } = pageAt(request.pagination);
  const all = (json.block.data.txs ?? []).map(base64).filter((tx) => !isCarrier(tx));
  const txs = all.slice((page - 1) * perPage, page * perPage).map(decodeTx);
  const pagination = { total: BigInt(all.length) };
  return { txs, blockId: blockId(json.block_id), block: block(json), pagination };
}

interface BlockParts {
  readonly height: bigint;
  readonly pagination?: Parameters<typeof pageAt>[0];
}

interface BroadcastParts {
  readonly txBytes: Uint8Array;
  readonly mode: BroadcastMode;
}

async function broadcast({ engine }: CallContext, { txBytes, mode }: BroadcastParts) {
  if (txBytes.length === 0) throw invalidArgument('empty tx_bytes is not allowed');
  const sent = await send(engine, txBytes, mode).catch((error: unknown) =>
    poolRefusal(error, txBytes),
  );
  const { code, codespace, data, log: rawLog, hash: txhash } = sent;
  return { txResponse: { code, codespace, data, rawLog, txhash } };
}

function send(engine: Engine, tx: Uint8Array, mode: BroadcastMode): Promise<BroadcastJson> {
  if (mode === BroadcastMode.SYNC) return engine.broadcast(tx, 'sync');
  if (mode === BroadcastMode.ASYNC) return engine.broadcast(tx, 'async');
  throw invalidArgument('mode: neither BROADCAST_MODE_SYNC nor BROADCAST_MODE_ASYNC');
}

/** What the pool refuses unseen has a code of the Cosmos SDK, like what the application refuses. */
const POOL_REFUSALS: readonly (readonly [RegExp, number])[] = [
  [/tx already exists in cache/i, 19],
  [/mempool is full/i, 20],
  [/tx too large/i, 21],
];

function poolRefusal(error: unknown, tx: Uint8Array): BroadcastJson {
  if (!(error instanceof RpcError)) throw error;
  const log = error.details.data;
  const refusal = POOL_REFUSALS.find(([words]) => words.test(log));
  if (refusal === undefined) throw error;
  return { code: refusal[1], codespace: 'sdk', data: '', log, hash: upperHex(sha256(tx)) };
}

function txResponse(
  { hash, height, tx_result: result }: TxJson,
  tx: Tx,
  timestamp: string,
): MessageInitShape<typeof TxResponseSchema> {
  return {
    height: BigInt(height),
    txhash: hash,
    codespace: result.codespace,
    code: result.code,
    data: upperHex(base64(result.data ?? '')),
    rawLog: result.log,
    info: result.info,
    gasWanted: BigInt(result.gas_wanted),
    gasUsed: BigInt(result.gas_used),
    tx: create(AnySchema, { typeUrl: `/${TxSchema.typeName}`, value: toBinary(TxSchema, tx) }),
    timestamp,
    events: (result.events ?? []).map(({ type, attributes }) => ({
      type,
      attributes: attributes.map(({ key, value, index = false }) => ({ key, value, index })),
    })),
  };
}

/** Time of the block at a height, each asked for once. */
function timesOf(engine: Engine): (height: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (height) => {
    const time = known.get(height) ?? timeOf(engine, height);
    known.set(height, time);
    return time;
  };
}

/** To the second, as the Cosmos SDK prints it. */
async function timeOf(engine: Engine, height: string): Promise<string> {
  const { time } = await engine.header(BigInt(height));
  return time.replace(/\.\d+Z$/, 'Z');
}

/** Throws when the bytes are no transaction. */
function decodeTx(bytes: Uint8Array): Tx {
  try {
    const { bodyBytes, authInfoBytes, signatures } = fromBinary(TxRawSchema, bytes);
    const body = fromBinary(TxBodySchema, bodyBytes);
    return create(TxSchema, {
      body,
      authInfo: fromBinary(AuthInfoSchema, authInfoBytes),
      signatures,
    });
  } catch {
    throw invalidArgument('not a transaction');
  }
}

function encodeTx({ body, authInfo, signatures }: Tx): Uint8Array {
  const bodyBytes = toBinary(TxBodySchema, required(body, 'tx.body'));
  const authInfoBytes = toBinary(AuthInfoSchema, required(authInfo, 'tx.auth_info'));
  return toBinary(TxRawSchema, create(TxRawSchema, { bodyBytes, authInfoBytes, signatures }));
}

function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw invalidArgument(`${field}: missing`);
  return value;
}

function upperHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
