import { concat, fromUint64, fromUtf8, toUint64 } from '@semblance/core/bytes';
import type { Reader } from './store/overlay.ts';
import { keyOf, PREFIX } from './store/prefixes.ts';
import type { Change } from './store/store.ts';

/** Where the store stands. Written with every block's state, outside of what its hash covers. */
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
