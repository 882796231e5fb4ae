import type { Change, Store } from '@semblance/chain/store';
import { type BytesEnvironment, openEnvironment } from './environment.ts';

/** The application's state in one LMDB environment, a directory of its own. */
export class LmdbStore implements Store {
  readonly #environment: BytesEnvironment;

  constructor(path: string) {
    this.#environment = openEnvironment(path);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return plain(this.#environment.getBinary(key));
  }

  *range(start: Uint8Array, end: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    for (const { key, value } of this.#environment.getRange({ start, end })) {
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
    for (const { key, value } of this.#environment.getRange(backwards)) {
      yield [bytes(key), bytes(value)];
    }
  }

  write(changes: readonly Change[]): void {
    this.#environment.transactionSync(() => {
      for (const { key, value } of changes) {
        if (value === undefined) this.#environment.removeSync(key);
        else this.#environment.putSync(key, asBuffer(value));
      }
    });
  }

  async close(): Promise<void> {
    await this.#environment.close();
  }
}

function plain(value: Buffer | undefined): Uint8Array | undefined {
  return value && bytes(value);
}

/** The same memory without Buffer's behaviour: a Buffer's `slice`, for one, does not copy. */
function bytes(value: Uint8Array): Uint8Array {
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function asBuffer(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
