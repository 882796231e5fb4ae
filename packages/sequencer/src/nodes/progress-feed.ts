import { setTimeout as sleep } from 'node:timers/promises';
import { type Log, reasonOf } from '../log.ts';
import { endpointUrl } from './endpoint.ts';
import { readEvents } from './event-reader.ts';
import { parseProgress, type ToldProgress } from './progress.ts';

/** Listens to `GET /events` of every node, reconnecting. Whatever a node sends is only shown. */
export interface ProgressFeed {
  /** Listens to these nodes and to no others from now on. */
  follow(nodes: readonly { readonly address: string; readonly endpoint: string }[]): void;
  /** Whether the node's events are heard right now. */
  isOnline(address: string): boolean;
  close(): void;
}

const MAX_NODES = 256;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
const CONNECT_MS = 5_000;
/** Nodes send a comment every 15 seconds when there is nothing to tell. */
const SILENCE_MS = 60_000;
/** Events a second above which a node is cut off; a fast one sends a step every few milliseconds. */
const MAX_EVENTS_PER_SECOND = 2_000;

interface Follow {
  readonly endpoint: string;
  readonly abort: AbortController;
  online: boolean;
}

export function createProgressFeed(
  onProgress: (node: string, progress: ToldProgress) => void,
  log: Log,
): ProgressFeed {
  const followed = new Map<string, Follow>();

  const start = (address: string, endpoint: string): void => {
    const follow: Follow = { endpoint, abort: new AbortController(), online: false };
    followed.set(address, follow);
    void listenForEver(
      follow,
      (progress) => onProgress(address, progress),
      (error) => log('info', 'node events ended', { node: address, reason: reasonOf(error) }),
    );
  };
  const stop = (address: string): void => {
    followed.get(address)?.abort.abort();
    followed.delete(address);
  };

  return {
    follow: (nodes) => {
      const wanted = new Map(nodes.slice(0, MAX_NODES).map((n) => [n.address, n.endpoint]));
      for (const [address, { endpoint }] of followed) {
        if (wanted.get(address) !== endpoint) stop(address);
      }
      for (const [address, endpoint] of wanted) {
        if (!followed.has(address)) start(address, endpoint);
      }
    },
    isOnline: (address) => followed.get(address)?.online ?? false,
    close: () => {
      for (const address of [...followed.keys()]) stop(address);
    },
  };
}

async function listenForEver(
  follow: Follow,
  onProgress: (progress: ToldProgress) => void,
  onEnd: (error: unknown) => void,
): Promise<void> {
  const url = endpointUrl(follow.endpoint, '/events');
  const { signal } = follow.abort;
  let retryMs = FIRST_RETRY_MS;
  while (url && !signal.aborted) {
    try {
      await listen(url, follow, onProgress);
    } catch (error) {
      if (follow.online) onEnd(error);
    }
    retryMs = follow.online ? FIRST_RETRY_MS : Math.min(retryMs * 2, LAST_RETRY_MS);
    follow.online = false;
    await sleep(retryMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }
}

async function listen(
  url: URL,
  follow: Follow,
  onProgress: (progress: ToldProgress) => void,
): Promise<void> {
  const broken = new AbortController();
  const signal = AbortSignal.any([follow.abort.signal, broken.signal]);
  let timer = setTimeout(() => broken.abort(new Error('no answer')), CONNECT_MS);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => broken.abort(new Error('silent')), SILENCE_MS);
  };
  try {
    const headers = { accept: 'text/event-stream' };
    const response = await fetch(url, { signal, headers, redirect: 'error' });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    follow.online = true;
    heard();
    const mayTake = countPerSecond(MAX_EVENTS_PER_SECOND);
    for await (const { event, data } of readEvents(touching(response.body, heard))) {
      if (!mayTake()) throw new Error('too many events');
      const progress = event === 'progress' ? parseProgress(data) : undefined;
      if (progress) onProgress(progress);
    }
  } finally {
    clearTimeout(timer);
    broken.abort();
  }
}

async function* touching(
  body: AsyncIterable<Uint8Array>,
  heard: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    heard();
    yield chunk;
  }
}

function countPerSecond(most: number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(performance.now() / 1000);
    count = now === second ? count + 1 : 1;
    second = now;
    return count <= most;
  };
}
