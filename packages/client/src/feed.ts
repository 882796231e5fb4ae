import {
  at,
  base64,
  type ExecutedTx,
  eventsOf,
  executedTx,
  integer,
  text,
  txHash,
} from './comet-json.ts';
import type { ChainEvent } from './events.ts';

/** Something that happened on chain, as it is decided. */
export type Notice =
  | {
      readonly kind: 'block';
      readonly height: bigint;
      /** Block time, Unix milliseconds. */
      readonly timeMs: number;
      /** Events of the block itself, not of its transactions. */
      readonly events: readonly ChainEvent[];
    }
  | { readonly kind: 'tx'; readonly tx: ExecutedTx };

export interface Listener {
  onNotice?(notice: Notice): void;
  /**
   * The feed is live: at the start and after every reconnect. Notices may have been missed before,
   * so whoever keeps state reads it from the chain again now.
   */
  onResync?(): void;
}

/** One shared, reconnecting WebSocket to a CometBFT RPC server. */
export interface Feed {
  /** Starts the socket with the first listener. Returns the way to stop listening. */
  listen(listener: Listener): () => void;
  close(): void;
}

/** Header and events instead of NewBlock, which would carry every transaction a second time. */
const QUERIES = [
  "tm.event='NewBlockHeader'",
  "tm.event='NewBlockEvents'",
  "tm.event='Tx'",
] as const;
/** A chain makes a block at least every few seconds; longer silence is a half-open socket. */
const SILENCE_MS = 30_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/** @param rpcUrl http(s) address of the RPC server; the socket is at its `/websocket` */
export function createFeed(rpcUrl: string): Feed {
  const url = `${rpcUrl.replace(/^http/, 'ws').replace(/\/$/, '')}/websocket`;
  const listeners = new Set<Listener>();
  let socket: WebSocket | undefined;
  let live = false;
  let closed = false;
  let retryMs = FIRST_RETRY_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const watchSilence = (current: WebSocket): void => {
    clearTimeout(timer);
    timer = setTimeout(() => drop(current), SILENCE_MS);
  };

  const open = (): void => {
    const current = new WebSocket(url);
    socket = current;
    const read = createReader();
    const unconfirmed = new Set<number>(QUERIES.keys());
    watchSilence(current);
    current.onopen = () => {
      for (const [id, query] of QUERIES.entries()) {
        current.send(
          JSON.stringify({ jsonrpc: '2.0', id, method: 'subscribe', params: { query } }),
        );
      }
    };
    current.onmessage = ({ data }) => {
      if (current !== socket || typeof data !== 'string') return;
      watchSilence(current);
      const message = parseJson(data);
      const id = at(message, 'id');
      if (at(message, 'error') !== undefined) return drop(current);
      if (typeof id === 'number' && unconfirmed.delete(id) && unconfirmed.size === 0) {
        live = true;
        retryMs = FIRST_RETRY_MS;
        for (const listener of [...listeners]) listener.onResync?.();
      }
      let notice: Notice | undefined;
      try {
        notice = read(at(message, 'result', 'data', 'value'));
      } catch {
        return drop(current); // not a CometBFT server, or no longer
      }
      if (notice) for (const listener of [...listeners]) listener.onNotice?.(notice);
    };
    current.onclose = () => drop(current);
    // `close` follows an error; without a handler some engines report it as uncaught.
    current.onerror = () => {};
  };

  const drop = (current: WebSocket): void => {
    if (current !== socket) return;
    socket = undefined;
    live = false;
    clearTimeout(timer);
    current.close();
    if (closed || listeners.size === 0) return;
    timer = setTimeout(open, retryMs * (0.5 + Math.random() / 2));
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  };

  const stop = (): void => {
    clearTimeout(timer);
    if (socket) drop(socket);
  };

  return {
    listen: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1 && !socket && !closed) open();
      else if (live) queueMicrotask(() => listeners.has(listener) && listener.onResync?.());
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    close: () => {
      closed = true;
      listeners.clear();
      stop();
    },
  };
}

const MAX_HALVES = 16;

/** Turns event values into notices; a block's header and events arrive apart, in either order. */
function createReader(): (value: unknown) => Notice | undefined {
  const times = new Map<bigint, number>();
  const events = new Map<bigint, readonly ChainEvent[]>();

  const whole = (height: bigint): Notice | undefined => {
    const [timeMs, ofBlock] = [times.get(height), events.get(height)];
    if (timeMs === undefined || ofBlock === undefined) return undefined;
    times.delete(height);
    events.delete(height);
    return { kind: 'block', height, timeMs, events: ofBlock };
  };

  return (value) => {
    const header = at(value, 'header');
    if (header !== undefined) {
      const height = integer(at(header, 'height'));
      remember(times, height, Date.parse(text(at(header, 'time'))));
      return whole(height);
    }
    const tx = at(value, 'TxResult');
    if (tx !== undefined) {
      const hash = txHash(base64(at(tx, 'tx')));
      return { kind: 'tx', tx: executedTx(hash, at(tx, 'height'), at(tx, 'result')) };
    }
    if (at(value, 'num_txs') === undefined) return undefined;
    const height = integer(at(value, 'height'));
    remember(events, height, eventsOf(at(value, 'events')));
    return whole(height);
  };
}

function remember<T>(halves: Map<bigint, T>, height: bigint, half: T): void {
  halves.set(height, half);
  if (halves.size > MAX_HALVES) halves.delete(halves.keys().next().value as bigint);
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
