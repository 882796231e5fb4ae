import { ApplicationError } from '../errors.ts';
import type { Store } from './store.ts';

/**
 * The store with its failures made recognisable: a disk that cannot be read must stop the chain,
 * never become the outcome of some transaction.
 */
export function guardStore(store: Store): Store {
  return {
    get: (key) => guarded(() => store.get(key)),
    range: (start, end) => guardedEntries(() => store.range(start, end)),
    rangeReverse: (start, end) => guardedEntries(() => store.rangeReverse(start, end)),
    write: (changes) => guarded(() => store.write(changes)),
  };
}

function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new ApplicationError('STORE_FAILED', 'the store failed', {}, { cause });
  }
}

/** Entries are read as they are asked for, so a failure can come at any of them. */
function* guardedEntries<T>(open: () => Iterable<T>): Generator<T> {
  const entries = guarded(() => open()[Symbol.iterator]());
  try {
    for (;;) {
      const next = guarded(() => entries.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    entries.return?.();
  }
}
