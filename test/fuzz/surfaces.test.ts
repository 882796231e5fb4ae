import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { concat } from '@semblance/core/bytes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { QUERIES } from '../../packages/chain/src/queries.ts';
import { PRODUCER } from '../../packages/chain/test/support/chain.ts';
import { REQUESTER } from '../../packages/chain/test/support/ml.ts';
import { encodeRequest } from '../../packages/consensus/test/abci/requests.ts';
import { goodTxs } from './good.ts';
import { type Draw, drawer, mutate, mutateText, pick, varint } from './mutate.ts';
import { FUZZ_MS, RUNS, SEED } from './runs.ts';
import type { Target } from './target.ts';

/*
 * Everything that a chain listens on, fed with what nobody should send. It answers or hangs up, lives
 * on, has the same state after, and does not fill memory.
 */

const TARGET = fileURLToPath(new URL('target.ts', import.meta.url));
const GOOD = goodTxs({ chainId: 'semblance-test-1', validator: PRODUCER });
const ANSWER_MS = 20_000;
/** What it may hold more than before, however much was sent. */
const HELD_MIB = 20;
/**
 * And with garbage, which V8 lets grow to several times what is held before it collects, and of which
 * it gives little back to the system: it came to 230 after 40,000 gRPC sessions, and stayed there.
 */
const RESIDENT_MIB = 300;

let target: Target;
let child: ChildProcess;
let lines: AsyncIterator<string>;
let directory: string;
let errors = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'semblance-fuzz-'));
  child = spawn(process.execPath, ['--expose-gc', TARGET, directory], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  if (child.stdout === null) throw new Error('no output');
  lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  target = JSON.parse(await nextLine());
});

afterAll(async () => {
  child.kill('SIGTERM');
  await once(child, 'exit');
  rmSync(directory, { recursive: true });
});

const SURFACES: readonly (readonly [name: string, send: (draw: Draw) => Promise<unknown>])[] = [
  ['JSON-RPC', sendJsonRpc],
  ['RPC by URL', sendRpcUrl],
  ['WebSocket', sendWebSocket],
  ['REST', sendRest],
  ['gRPC', sendGrpc],
  ['ABCI', sendAbci],
];

describe('what a chain listens on', { timeout: FUZZ_MS }, () => {
  it.each(SURFACES)('answers whatever comes: %s', async (name, send) => {
    const before = await stateNow();
    const warm = drawer(`${SEED} warm ${name}`);
    for (let n = 0; n < 100; n++) await send(warm);
    const held = await heldMiB();
    const resident = residentMiB();
    const draw = drawer(`${SEED} ${name}`);
    for (let n = 0; n < RUNS; n++) {
      await send(draw);
      if (child.exitCode !== null) throw new Error(`it ended: ${errors}`);
    }
    expect(await stateNow()).toEqual(before);
    expect(residentMiB() - resident).toBeLessThan(RESIDENT_MIB);
    expect((await heldMiB()) - held).toBeLessThan(HELD_MIB);
    expect(errors).toBe('');
  });
});

/** Height and application hash of the chain, over its own RPC. */
async function stateNow(): Promise<unknown> {
  const answer = await fetch(`${target.rpc}/abci_info`);
  const { result } = (await answer.json()) as { result: { response: object } };
  return result.response;
}

async function nextLine(): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error(`it ended: ${errors}`);
  return value;
}

/** Without garbage. */
async function heldMiB(): Promise<number> {
  child.stdin?.write('\n');
  return Number(await nextLine()) / 2 ** 20;
}

/** With garbage. */
function residentMiB(): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

const METHODS = [
  'health',
  'status',
  'genesis',
  'validators',
  'abci_query',
  'block',
  'block_by_hash',
  'block_results',
  'blockchain',
  'broadcast_tx_sync',
  'broadcast_tx_async',
  'tx',
  'tx_search',
  'unconfirmed_txs',
  'subscribe',
  'unsubscribe',
  'no_such',
];

/** A call of JSON-RPC, some of whose parameters are hostile. */
function rpcCall(draw: Draw): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const hostile: unknown[] = [
    base64(mutate(pick(draw, GOOD), draw)),
    Buffer.from(mutate(pick(draw, GOOD), draw))
      .toString('hex')
      .slice(0, 100_000),
    mutateText("tm.event='Tx' AND tx.height>5", draw),
    mutateText('12', draw),
    '9'.repeat(draw(400)),
    -1,
    1e308,
    null,
    {},
    [],
    true,
  ];
  const names = ['tx', 'height', 'hash', 'query', 'path', 'data', 'page', 'per_page', 'prove'];
  const params = Object.fromEntries(
    Array.from({ length: draw(4) }, () => [pick(draw, names), pick(draw, hostile)]),
  );
  const path = pick(draw, [...QUERIES.keys()]);
  const query = { path, data: Buffer.from(mutate(pick(draw, GOOD), draw)).toString('hex') };
  const call = {
    jsonrpc: '2.0',
    id: pick(draw, [1, 'a', null, -1, {}]),
    method: pick(draw, METHODS),
    params: pick(draw, [params, query, params]),
  };
  const deep = '['.repeat(1 + draw(5000));
  return pick(draw, [
    JSON.stringify(call),
    JSON.stringify(call),
    JSON.stringify(Array.from({ length: draw(60) }, () => call)),
    mutateText(JSON.stringify(call), draw),
    deep,
    `{"jsonrpc":"2.0","id":1,"method":"status","params":${deep}`,
  ]);
}

async function sendJsonRpc(draw: Draw): Promise<void> {
  const { status, body } = await post(target.rpc, rpcCall(draw));
  expect(status).toBeGreaterThanOrEqual(200);
  if (status === 200 && body !== '') JSON.parse(body);
}

async function sendRpcUrl(draw: Draw): Promise<void> {
  const path = `/${pick(
    draw,
    METHODS.filter((method) => method !== 'subscribe'),
  )}?${pick(draw, ['height', 'tx', 'hash', 'query', 'data', 'page'])}=${hostilePart(draw)}`;
  expect(await get(target.rpc, path)).toBeGreaterThanOrEqual(200);
}

const REST_PATHS = [
  '/cosmos/auth/v1beta1/accounts/ADDRESS',
  '/cosmos/bank/v1beta1/balances/ADDRESS?pagination.limit=5',
  '/cosmos/bank/v1beta1/balances/ADDRESS/by_denom?denom=usem',
  '/cosmos/base/tendermint/v1beta1/blocks/1',
  '/cosmos/base/tendermint/v1beta1/abci_query?path=/store/bank/key&data=AAAA&prove=true',
  '/cosmos/base/tendermint/v1beta1/validatorsets/1?pagination.offset=1',
  '/cosmos/staking/v1beta1/validators?status=BOND_STATUS_BONDED',
  '/cosmos/tx/v1beta1/txs?query=tx.height%3E5&page=1&limit=10',
  '/cosmos/tx/v1beta1/txs/00FF',
  '/semblance/ml/v1/jobs?pagination.key=AAAA',
  '/semblance/ml/v1/jobs/00ff',
  '/semblance/ml/v1/nodes/ADDRESS/duties',
].map((path) => path.replace('ADDRESS', REQUESTER.address));

async function sendRest(draw: Draw): Promise<void> {
  if (draw(3) === 0) {
    const path = pick(draw, ['decode', 'encode', 'simulate', 'txs']);
    const tx = Buffer.from(mutate(pick(draw, GOOD), draw)).toString('base64');
    const body = JSON.stringify({ tx_bytes: tx, mode: 'BROADCAST_MODE_SYNC' });
    const sent = draw(3) === 0 ? mutateText(body, draw) : body;
    const { status } = await post(`${target.rest}/cosmos/tx/v1beta1/${path}`, sent);
    expect(status).toBeGreaterThanOrEqual(200);
    return;
  }
  const good = pick(draw, REST_PATHS);
  const cut = draw(good.length);
  const path = `${good.slice(0, cut + 1)}${hostilePart(draw)}${pick(draw, ['', good.slice(cut)])}`;
  expect(await get(target.rest, path)).toBeGreaterThanOrEqual(200);
}

/** Part of a URL: escapes that are right and wrong, numbers of any size, names that mean something to others. */
function hostilePart(draw: Draw): string {
  return pick(draw, [
    encodeURIComponent(mutateText('"12"', draw)).slice(0, 12_000),
    '9'.repeat(draw(300)),
    '-1',
    '%',
    '%zz',
    '%00',
    '..%2f..%2f',
    '0x',
    `0x${'f'.repeat(draw(9000))}`,
    '__proto__',
    'constructor',
    `&${'pagination.limit=1&'.repeat(draw(200))}`,
    '1e999',
    '%22%22',
    encodeURIComponent('𝕏'.repeat(draw(100))),
  ]);
}

async function sendGrpc(draw: Draw): Promise<void> {
  const session = connectHttp2(target.grpc);
  try {
    await once(session, 'connect');
    const path = draw(5) === 0 ? `/${hostilePart(draw)}` : pick(draw, [...QUERIES.keys()]);
    const body = mutate(pick(draw, GOOD), draw);
    const length = pick(draw, [body.length, body.length, 0, 2 ** 32 - 1, draw(1000)]);
    const prefix = new Uint8Array(5);
    new DataView(prefix.buffer).setUint32(1, length);
    prefix[0] = pick(draw, [0, 0, 0, 1, 0xff]);
    await grpcCall(session, path, concat(prefix, body));
  } finally {
    session.destroy();
  }
}

/** Resolves when the stream is over, as it is once it is answered or was reset. */
function grpcCall(session: ClientHttp2Session, path: string, body: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = {
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  };
  const stream = session.request(headers);
  const late = setTimeout(() => reject(new Error(`no answer to ${path}`)), ANSWER_MS);
  stream.on('error', () => {}); // it was reset, which is an answer
  session.on('error', () => resolve());
  stream.on('close', () => resolve());
  stream.resume();
  stream.end(body);
  return promise.finally(() => clearTimeout(late));
}

async function sendWebSocket(draw: Draw): Promise<void> {
  const socket = new WebSocket(`${target.rpc.replace('http', 'ws')}/websocket`);
  socket.on('error', () => {}); // closed by the other end, which is an answer
  await once(socket, 'open');
  const answered = Promise.withResolvers<void>();
  socket.once('message', () => answered.resolve());
  socket.once('close', () => answered.resolve());
  const late = setTimeout(() => answered.reject(new Error('no answer')), ANSWER_MS);
  try {
    if (draw(5) === 0) rawFrame(socket, mutate(Uint8Array.of(0x81, 0x85, 1, 2, 3, 4, 5), draw));
    else socket.send(pick(draw, [rpcCall(draw), Buffer.from(mutate(pick(draw, GOOD), draw))]));
    // What is no whole frame gets no answer, but what follows an end of the stream does.
    socket.send('{}');
    socket.close();
    await answered.promise;
  } finally {
    clearTimeout(late);
    socket.terminate();
  }
}

/** Bytes on the connection that the library would not send. */
function rawFrame(socket: WebSocket, bytes: Uint8Array): void {
  const { _socket: raw } = socket as unknown as { _socket: { end(bytes: Uint8Array): void } };
  raw.end(bytes);
}

const ABCI_REQUESTS = GOOD.flatMap((tx) => [
  { checkTx: { tx } },
  { query: { path: '/cosmos.bank.v1beta1.Query/TotalSupply', data: tx } },
  { processProposal: { txs: [tx, tx] } },
  { offerSnapshot: { snapshot: { height: 1n, format: 1, chunks: 1, hash: tx, metadata: tx } } },
  { loadSnapshotChunk: { height: 1n, format: 1, chunk: 1 } },
  { applySnapshotChunk: { index: 1, chunk: tx, sender: 'a' } },
  { verifyVoteExtension: { voteExtension: tx } },
]).map(encodeRequest);

/** A connection that sends a good frame and a hostile one, and then is over. */
async function sendAbci(draw: Draw): Promise<void> {
  const { port } = new URL(target.abci.replace('tcp', 'http'));
  const socket = connectTcp(Number(port), '127.0.0.1');
  socket.on('error', () => {}); // closed by the other end
  const hostile = mutate(pick(draw, ABCI_REQUESTS), draw);
  const length = pick(draw, [hostile.length, hostile.length, hostile.length, draw(5000), 2 ** 34]);
  const echo = encodeRequest({ echo: { message: 'there?' } });
  socket.end(concat(varint(echo.length), echo, varint(length), hostile));
  const late = setTimeout(() => socket.destroy(new Error('no end')), ANSWER_MS);
  const answer = await text(socket);
  clearTimeout(late);
  expect(answer).toContain('there?');
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What is longer than a body may be is refused while it is still coming, which can break the sending. */
const BODY_BYTES = 2 << 20;

async function post(url: string, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    if (!(error instanceof TypeError) || Buffer.byteLength(body) <= BODY_BYTES) throw error;
    return { status: 413, body: '' };
  }
}

/** By hand, for `fetch` mends some URLs. Resolves with the status. */
function get(base: string, path: string): Promise<number> {
  const { hostname, port } = new URL(base);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = httpRequest({ hostname, port, path, timeout: ANSWER_MS }, (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode ?? 0));
    response.on('error', reject);
  });
  request.on('timeout', () => request.destroy(new Error(`no answer to ${path.slice(0, 200)}`)));
  request.on('error', reject);
  request.end();
  return promise;
}
