import { fromByteString, toByteString } from './byte-string.ts';
import type { Change, Store } from './store.ts';

/** A store that lives and dies with the process. Reads sort on demand, so it suits tests and trials. */
export function createMemoryStore(): Store {
  const values = new Map<string, Uint8Array>();
  let ascending: readonly string[] | undefined;

  const keysBetween = (start: Uint8Array, end: Uint8Array): string[] => {
    ascending ??= [...values.keys()].sort();
    return ascending.slice(
      lowerBound(ascending, toByteString(start)),
      lowerBound(ascending, toByteString(end)),
    );
  };
  const entry = (key: string): readonly [Uint8Array, Uint8Array] => [
    fromByteString(key),
    values.get(key) as Uint8Array,
  ];

  return {
    get: (key) => values.get(toByteString(key)),
    range: (start, end) => keysBetween(start, end).map(entry),
    rangeReverse: (start, end) => keysBetween(start, end).reverse().map(entry),
    write(changes: Iterable<Change>) {
      for (const { key, value } of Array.from(changes)) {
        const name = toByteString(key);
        if (value === undefined ? values.has(name) : !values.has(name)) ascending = undefined;
        if (value === undefined) values.delete(name);
        else values.set(name, value.slice());
      }
    },
  };
}

/** Index of the first element not below `wanted`. */
function lowerBound(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
