import { sha256 } from '@semblance/core/sha256';

/**
 * One array for equal bytes. The engine sends a transaction for the pool, when it is proposed, when
 * it is judged, when it is decided and after every block in which it waits; what the application
 * remembers about its bytes (that they decode, that the signatures are good) it need not do again.
 */
export class KnownTxs {
  readonly #capacity: number;
  #newer = new Map<string, Uint8Array>();
  #older = new Map<string, Uint8Array>();
  #newerBytes = 0;

  /** Keeps between `capacity` bytes and twice as many. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The array that was first given with these bytes, if it is still known. */
  same(tx: Uint8Array): Uint8Array {
    const key = Buffer.from(sha256(tx)).toString('latin1');
    const known = this.#newer.get(key);
    if (known !== undefined) return known;
    // A copy, since what came is part of a frame with much else in it.
    return this.#keep(key, this.#older.get(key) ?? tx.slice());
  }

  #keep(key: string, tx: Uint8Array): Uint8Array {
    if (this.#newerBytes + tx.length > this.#capacity) {
      this.#older = this.#newer;
      this.#newer = new Map();
      this.#newerBytes = 0;
    }
    this.#newer.set(key, tx);
    this.#newerBytes += tx.length;
    return tx;
  }
}
