import type { Application, TxResult } from '@semblance/chain/application';
import { SemblanceError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { TxCache } from './tx-cache.ts';

/** A transaction that waits for a block. Hashed once, here. */
export interface PooledTx {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly gasWanted: bigint;
}

export interface MempoolLimits {
  readonly maxTxs: number;
  readonly maxBytes: number;
  readonly maxTxBytes: number;
  /** How many hashes are remembered, so that a repeat is refused without a check. */
  readonly cachedHashes: number;
}

export const DEFAULT_MEMPOOL_LIMITS: MempoolLimits = {
  maxTxs: 5_000,
  maxBytes: 64 * 1024 * 1024,
  maxTxBytes: 1024 * 1024,
  cachedHashes: 10_000,
};

/** Why the pool did not even ask the application. */
export class MempoolError extends SemblanceError<
  'TX_TOO_LARGE' | 'TX_IN_CACHE' | 'MEMPOOL_FULL' | 'MEMPOOL_CLOSED'
> {}

/** Transactions that passed the application's check, in the order of arrival. In memory only. */
export class Mempool {
  readonly #app: Pick<Application, 'checkTx'>;
  readonly #limits: MempoolLimits;
  readonly #cache: TxCache;
  readonly #onPending: () => void;
  #txs = new Map<string, PooledTx>();
  #bytes = 0;
  #closed = false;

  /** `onPending` is called whenever a transaction has come in. */
  constructor(app: Pick<Application, 'checkTx'>, limits: MempoolLimits, onPending: () => void) {
    this.#app = app;
    this.#limits = limits;
    this.#cache = new TxCache(limits.cachedHashes);
    this.#onPending = onPending;
  }

  get size(): number {
    return this.#txs.size;
  }

  /** Total length of the waiting transactions. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Checks a transaction and keeps it if the application accepts it (code 0). A refused one may
   * come again: what was wrong may be right later.
   */
  add(bytes: Uint8Array): { readonly hash: Uint8Array; readonly result: TxResult } {
    this.#admit(bytes);
    const hash = sha256(bytes);
    const key = keyOf(hash);
    if (!this.#cache.add(key)) {
      throw new MempoolError('TX_IN_CACHE', 'tx already exists in cache', {});
    }
    const result = this.#check(bytes, key);
    if (result.code === 0) {
      this.#txs.set(key, { bytes, hash, gasWanted: result.gasWanted });
      this.#bytes += bytes.length;
      this.#onPending();
    } else {
      this.#cache.remove(key);
    }
    return { hash, result };
  }

  /** The oldest transactions that fit; `maxGas` below 0 means no limit. */
  reap(maxBytes: number, maxGas: bigint): PooledTx[] {
    const chosen: PooledTx[] = [];
    let bytes = 0;
    let gas = 0n;
    for (const tx of this.#txs.values()) {
      bytes += tx.bytes.length + FRAMING_BYTES;
      gas += tx.gasWanted;
      if (bytes > maxBytes || (maxGas >= 0n && gas > maxGas)) break;
      chosen.push(tx);
    }
    return chosen;
  }

  /** The first `count` waiting transactions, oldest first. */
  oldest(count: number): PooledTx[] {
    return Array.from(this.#txs.values()).slice(0, count);
  }

  /**
   * Drops what a block holds and checks the rest again, on the new state and in order. What
   * failed in the block may be sent again, as in CometBFT.
   */
  update(included: readonly PooledTx[], results: readonly TxResult[]): void {
    for (const [i, { hash }] of included.entries()) {
      this.#remove(keyOf(hash));
      if (results[i]?.code !== 0) this.#cache.remove(keyOf(hash));
    }
    for (const [key, { bytes }] of this.#txs) {
      if (this.#app.checkTx(bytes).code === 0) continue;
      this.#remove(key);
      this.#cache.remove(key);
    }
  }

  /** Refuses everything from now on. */
  close(): void {
    this.#closed = true;
  }

  #admit(bytes: Uint8Array): void {
    const { maxTxs, maxBytes, maxTxBytes } = this.#limits;
    if (this.#closed) throw new MempoolError('MEMPOOL_CLOSED', 'the node is stopping', {});
    if (bytes.length > maxTxBytes) {
      const length = bytes.length;
      const message = `Tx too large. Max size is ${maxTxBytes}, but got ${length}`;
      throw new MempoolError('TX_TOO_LARGE', message, { length, maxTxBytes });
    }
    if (this.#txs.size >= maxTxs || this.#bytes + bytes.length > maxBytes) {
      const message =
        `mempool is full: number of txs ${this.#txs.size} (max: ${maxTxs}), ` +
        `total txs bytes ${this.#bytes} (max: ${maxBytes})`;
      throw new MempoolError('MEMPOOL_FULL', message, { txs: this.#txs.size, bytes: this.#bytes });
    }
  }

  #check(bytes: Uint8Array, key: string): TxResult {
    try {
      return this.#app.checkTx(bytes);
    } catch (error) {
      this.#cache.remove(key);
      throw error;
    }
  }

  #remove(key: string): void {
    const tx = this.#txs.get(key);
    if (tx === undefined) return;
    this.#txs.delete(key);
    this.#bytes -= tx.bytes.length;
  }
}

/** Tag and length that the block's encoding adds to a transaction. */
const FRAMING_BYTES = 6;

function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('latin1');
}
