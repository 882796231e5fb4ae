import { concat, fromUint64, fromUtf8, toUint64 } from '@semblance/core/bytes';
import { ApplicationError } from './errors.ts';
import type { Reader } from './store/overlay.ts';
import { keyOf, PREFIX } from './store/prefixes.ts';
import type { Change } from './store/store.ts';

/* Where the store stands: outside of what the application hash covers. */

/** Written with every block's state. */
export interface Meta {
  readonly height: bigint;
  /** Unix milliseconds of the last block, or of genesis. */
  readonly timeMs: bigint;
  readonly appHash: Uint8Array;
}

const KEY = keyOf(PREFIX.meta, fromUtf8('tip'));

export function getMeta(store: Reader): Meta | undefined {
  const bytes = store.get(KEY);
  return (
    bytes && {
      height: toUint64(bytes, 0),
      timeMs: toUint64(bytes, 8),
      appHash: bytes.slice(16),
    }
  );
}

export function metaChange({ height, timeMs, appHash }: Meta): Change {
  return { key: KEY, value: concat(fromUint64(height), fromUint64(timeMs), appHash) };
}

const FORMAT_KEY = keyOf(PREFIX.meta, fromUtf8('format'));

/** How state and its trees are laid out. 1 had no trees, and no word of its format. */
const FORMAT = 3;

/** Written once, with the first state. */
export const FORMAT_CHANGE: Change = { key: FORMAT_KEY, value: Uint8Array.of(FORMAT) };

/** Refuses a store that holds a state of another format. */
export function requireFormat(store: Reader): void {
  if (getMeta(store) === undefined) return;
  const format = store.get(FORMAT_KEY)?.[0] ?? 1;
  if (format === FORMAT) return;
  throw new ApplicationError(
    'STATE_FORMAT',
    `the chain's state is of format ${format}, this version reads format ${FORMAT}: begin with a new home`,
    { format, wanted: FORMAT },
  );
}

const INITIAL_KEY = keyOf(PREFIX.meta, fromUtf8('initial'));

/** Height of the chain's first block. */
export function getInitialHeight(store: Reader): bigint {
  const bytes = store.get(INITIAL_KEY);
  return bytes === undefined ? 1n : toUint64(bytes);
}

/** Written with the first state of a chain that goes on from another's. */
export function initialHeightChange(height: bigint): Change {
  return { key: INITIAL_KEY, value: fromUint64(height) };
}

/** There while a snapshot is being restored: what else the store holds is then no state. */
export const RESTORING_KEY = keyOf(PREFIX.meta, fromUtf8('restoring'));
