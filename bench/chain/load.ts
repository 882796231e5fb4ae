import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type Spread, spread } from './percentile.ts';

/*
 * A load in a process of its own: transactions that were signed before, one a line in base64, to the
 * validators in turn. Prints what became of them as JSON.
 *
 *   node load.ts TRANSACTIONS RATE RPC...      RATE 0: as fast as they are taken
 */

/** CometBFT takes no more calls in one request. */
const BATCH = 10;
/**
 * CometBFT gathers what it asks of an application behind a socket for up to 20 ms, and answers a
 * submission only then. With 8 connections that wait, and not the application, was the limit.
 */
const CONNECTIONS = 200;
/** What a full mempool is given to empty itself a little. */
const FULL_MS = 5;
/**
 * CometBFT drops a transaction that it has taken if its mempool fills up while the application checks
 * it. What is in none of so many blocks is sent again.
 */
const PATIENCE_BLOCKS = 5;

export interface LoadResult {
  readonly txs: number;
  /** From the first submission until the last was seen in a block. */
  readonly seconds: number;
  /** Of submission to the event of the block. */
  readonly latencyMs: Spread;
  /** By the headers, between the blocks that hold any of them. */
  readonly blockMs: Spread;
  readonly txsPerBlock: Spread;
  /** Of one core. */
  readonly loadCpu: number;
}

interface Call {
  readonly tx: string;
}

const [file = '', rateText = '0', ...rpcUrls] = process.argv.slice(2);
const txs = readFileSync(file, 'utf8').trim().split('\n');
const rate = Number(rateText);
const sentAt = new Map<string, number>();
const latencies: number[] = [];
const included = new Set<string>();
let blocksWithoutAny = 0;
const blockTimes: number[] = [];
const blockSizes: number[] = [];

const blocks = await followBlocks(rpcUrls[0] as string);
const cpuBefore = process.cpuUsage();
const started = performance.now();
await Promise.all([blocks.all, rate > 0 ? paced() : saturate()]);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
blocks.close();
const gaps = blockTimes.slice(1).map((at, i) => at - (blockTimes[i] as number));
const result: LoadResult = {
  txs: txs.length,
  seconds,
  latencyMs: spread(latencies),
  blockMs: spread(gaps),
  txsPerBlock: spread(blockSizes),
  loadCpu: (user + system) / 1e6 / seconds,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

/** Every connection sends its next batch when the one before is answered. */
async function saturate(): Promise<void> {
  const waiting = txs.toReversed();
  const connection = async (_: unknown, i: number) => {
    const url = rpcUrls[i % rpcUrls.length] as string;
    while (waiting.length > 0) {
      const batch = waiting.splice(-BATCH).toReversed();
      const refused = await send(url, batch);
      waiting.push(...refused.toReversed());
      if (refused.length > 0) await delay(FULL_MS);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

/** So many a second, whatever becomes of them. */
async function paced(): Promise<void> {
  const start = performance.now();
  const sent = txs.map(async (tx, i) => {
    await delay(Math.max(0, start + (i * 1000) / rate - performance.now()));
    await send(rpcUrls[i % rpcUrls.length] as string, [tx]);
  });
  await Promise.all(sent);
}

/** Sends a batch and returns those for which there was no room. Any other refusal is a failure. */
async function send(url: string, batch: readonly string[]): Promise<string[]> {
  const now = performance.now();
  for (const tx of batch) if (!sentAt.has(tx)) sentAt.set(tx, now);
  const calls = batch.map((tx, id) => call(id, 'broadcast_tx_sync', { tx } satisfies Call));
  const answer = await post(url, JSON.stringify(calls));
  return [answer].flat().flatMap(({ id, result, error }) => {
    if (error !== undefined && JSON.stringify(error).includes('mempool is full')) {
      return [batch[id] as string];
    }
    if (JSON.stringify(error)?.includes('already exists in cache')) return [];
    if (error !== undefined || result?.code !== 0) {
      throw new Error(`refused: ${JSON.stringify(error ?? result)}`);
    }
    return [];
  });
}

/** Once more when CometBFT closes a connection that was idle just as it is used again. */
async function post(url: string, body: string): Promise<Answer | Answer[]> {
  const once = async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body });
    return (await response.json()) as Answer | Answer[];
  };
  return once().catch(once);
}

interface Answer {
  readonly id: number;
  readonly result?: { readonly code: number };
  readonly error?: unknown;
}

function call(id: number, method: string, params: object) {
  return { jsonrpc: '2.0', id, method, params };
}

async function followBlocks(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket`);
  await once(socket, 'open');
  const { promise: all, resolve, reject } = Promise.withResolvers<void>();
  const { promise: listens, resolve: onListening } = Promise.withResolvers<void>();
  socket.on('close', (code, reason) =>
    reject(new Error(`no more blocks: ${code} ${reason.toString()}`)),
  );
  socket.on('message', (data) => {
    const now = performance.now();
    const block = JSON.parse((data as Buffer).toString()).result?.data?.value?.block;
    if (block === undefined) onListening();
    else take(block, now);
    if (blocksWithoutAny >= PATIENCE_BLOCKS) sendMissing().catch(reject);
    if (latencies.length === txs.length) resolve();
  });
  socket.send(JSON.stringify(call(0, 'subscribe', { query: "tm.event='NewBlock'" })));
  await listens;
  return { all, close: () => socket.close() };
}

/** To the first alone: if it has them it says so, which is no refusal. */
async function sendMissing(): Promise<void> {
  blocksWithoutAny = 0;
  const missing = [...sentAt.keys()].filter((tx) => !included.has(tx));
  for (let at = 0; at < missing.length; at += BATCH) {
    await send(rpcUrls[0] as string, missing.slice(at, at + BATCH));
  }
}

function take(block: { header: { time: string }; data: { txs: string[] } }, now: number): void {
  const fresh = block.data.txs.filter((tx) => !included.has(tx));
  for (const tx of fresh) included.add(tx);
  const known = fresh.flatMap((tx) => sentAt.get(tx) ?? []);
  blocksWithoutAny = known.length === 0 && latencies.length > 0 ? blocksWithoutAny + 1 : 0;
  for (const at of known) latencies.push(now - at);
  if (known.length === 0 && (blockTimes.length === 0 || latencies.length === txs.length)) return;
  blockTimes.push(Date.parse(block.header.time));
  blockSizes.push(known.length);
}
