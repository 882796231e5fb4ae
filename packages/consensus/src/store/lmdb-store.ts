import type { Change, Store } from '@semblance/chain/store';
import type { BytesDatabase } from './environment.ts';

/** The application's state in one LMDB database. */
export class LmdbStore implements Store {
  readonly #database: BytesDatabase;

  constructor(database: BytesDatabase) {
    this.#database = database;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return plain(this.#database.getBinary(key));
  }

  *range(start: Uint8Array, end: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    for (const { key, value } of this.#database.getRange({ start, end })) {
      yield [bytes(key), bytes(value)];
    }
  }

  *rangeReverse(start: Uint8Array, end: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    // LMDB walks backwards from `start`, which is the bound that our callers leave out.
    const backwards = {
      start: end,
      end: start,
      exclusiveStart: true,
      inclusiveEnd: true,
      reverse: true,
    };
    for (const { key, value } of this.#database.getRange(backwards)) {
      yield [bytes(key), bytes(value)];
    }
  }

  write(changes: Iterable<Change>): void {
    this.#database.transactionSync(() => {
      for (const { key, value } of changes) {
        if (value === undefined) this.#database.removeSync(key);
        else this.#database.putSync(key, asBuffer(value));
      }
    });
  }
}

/** A value as the application takes it. */
export function plain(value: Buffer | undefined): Uint8Array | undefined {
  return value && bytes(value);
}

/** The same memory without Buffer's behaviour: a Buffer's `slice`, for one, does not copy. */
function bytes(value: Uint8Array): Uint8Array {
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** Half of Node's buffer pool. */
const SMALL = 4096;

/**
 * A small value is copied: once its `buffer` was asked for, it takes five times as much memory, which
 * tells with the millions of a first state (Node 24: 350 bytes each).
 */
function asBuffer(value: Uint8Array): Buffer {
  if (value.length < SMALL) return Buffer.from(value);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
