import { fromByteString, toByteString } from './byte-string.ts';
import type { Change, Store } from './store.ts';

/** What queries and read-only checks need of state. */
export type Reader = Pick<Store, 'get' | 'range' | 'rangeReverse'>;

/** State as message handlers see it. Values handed in or out are never altered afterwards. */
export interface State extends Reader {
  set(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
}

/**
 * Changes staged over a reader. Overlays nest: one holds a block, one over it a transaction, and
 * what is not merged down never happened.
 */
export class Overlay implements State {
  readonly #base: Reader;
  #staged = new Map<string, Change>();

  constructor(base: Reader) {
    this.#base = base;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#find(toByteString(key), key);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#staged.set(toByteString(key), { key, value });
  }

  delete(key: Uint8Array): void {
    this.#staged.set(toByteString(key), { key, value: undefined });
  }

  range(start: Uint8Array, end: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    const staged = this.#stagedBetween(start, end);
    return merge(this.#base.range(start, end), staged, (a, b) => a < b);
  }

  rangeReverse(start: Uint8Array, end: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    const staged = this.#stagedBetween(start, end).reverse();
    return merge(this.#base.rangeReverse(start, end), staged, (a, b) => a > b);
  }

  /** Staged changes in ascending key order. */
  changes(): Change[] {
    return [...this.#staged.keys()].sort().map((name) => this.#staged.get(name) as Change);
  }

  /** Applies the staged changes to `below`, which is usually the overlay this one lies on. */
  mergeInto(below: Overlay): void {
    for (const [name, change] of this.#staged) below.#staged.set(name, change);
  }

  /** The name is made once, however many overlays lie below. */
  #find(name: string, key: Uint8Array): Uint8Array | undefined {
    const change = this.#staged.get(name);
    if (change !== undefined) return change.value;
    const base = this.#base;
    return base instanceof Overlay ? base.#find(name, key) : base.get(key);
  }

  #stagedBetween(start: Uint8Array, end: Uint8Array): Staged[] {
    const first = toByteString(start);
    const last = toByteString(end);
    return [...this.#staged.keys()]
      .filter((name) => name >= first && name < last)
      .sort()
      .map((name) => [name, this.#staged.get(name) as Change]);
  }
}

type Staged = readonly [name: string, change: Change];

/** Both sequences in one order; of two entries with one key the staged one stands. */
function* merge(
  base: Iterable<readonly [Uint8Array, Uint8Array]>,
  staged: readonly Staged[],
  comesBefore: (a: string, b: string) => boolean,
): Generator<readonly [Uint8Array, Uint8Array]> {
  let next = 0;
  for (const entry of base) {
    const name = toByteString(entry[0]);
    while (next < staged.length && comesBefore((staged[next] as Staged)[0], name)) {
      yield* present(staged[next++] as Staged);
    }
    if (next < staged.length && (staged[next] as Staged)[0] === name) {
      yield* present(staged[next++] as Staged);
    } else {
      yield entry;
    }
  }
  while (next < staged.length) yield* present(staged[next++] as Staged);
}

function present([name, { value }]: Staged): [Uint8Array, Uint8Array][] {
  return value === undefined ? [] : [[fromByteString(name), value]];
}
