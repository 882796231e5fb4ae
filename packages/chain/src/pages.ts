import { concat } from '@semblance/core/bytes';
import type { PageRequest, PageResponse } from 'cosmjs-types/cosmos/base/query/v1beta1/pagination';
import { invalidQuery } from './query.ts';
import type { Reader } from './store/overlay.ts';
import { keysUnder } from './store/prefixes.ts';

type Entry = readonly [key: Uint8Array, value: Uint8Array];

const DEFAULT_LIMIT = 100;
/** Bounds on what one query may cost. */
const MAX_LIMIT = 1000;
const MAX_OFFSET = 10_000n;
const MAX_COUNTED = 100_000n;

/**
 * The entries under a prefix that a page asks for, and how to go on; `pick` returns undefined for
 * one that is not asked for. As in cosmos-sdk a page begins at a key or after an offset, and the
 * total is counted only when that is asked for.
 */
export function pageOf<T>(
  state: Reader,
  prefix: Uint8Array,
  request: PageRequest | undefined,
  pick: (entry: Entry) => T | undefined,
): { readonly items: T[]; readonly pagination: PageResponse } {
  const limit = limitOf(request);
  const toSkip = offsetOf(request);
  const items: T[] = [];
  let nextKey: Uint8Array = new Uint8Array();
  let total = 0n;
  for (const entry of entriesOf(state, prefix, request)) {
    const item = pick(entry);
    if (item === undefined) continue;
    total += 1n;
    if (total <= toSkip) continue;
    if (items.length < limit) items.push(item);
    else if (nextKey.length === 0) nextKey = entry[0].slice(prefix.length);
    if (nextKey.length > 0 && (request?.countTotal !== true || total === MAX_COUNTED)) break;
  }
  return { items, pagination: { nextKey, total: request?.countTotal === true ? total : 0n } };
}

function entriesOf(
  state: Reader,
  prefix: Uint8Array,
  request: PageRequest | undefined,
): Iterable<Entry> {
  const [first, end] = keysUnder(prefix);
  const key = request?.key ?? new Uint8Array();
  if (key.length > 200) throw invalidQuery('pagination.key: too long');
  const at = concat(prefix, key);
  if (request?.reverse !== true) return state.range(key.length === 0 ? first : at, end);
  return state.rangeReverse(first, key.length === 0 ? end : concat(at, Uint8Array.of(0)));
}

function limitOf(request: PageRequest | undefined): number {
  const limit = request?.limit ?? 0n;
  if (limit > MAX_LIMIT) throw invalidQuery(`pagination.limit: above ${MAX_LIMIT}`);
  return limit <= 0n ? DEFAULT_LIMIT : Number(limit);
}

function offsetOf(request: PageRequest | undefined): bigint {
  const offset = request?.offset ?? 0n;
  if (offset > 0n && (request?.key.length ?? 0) > 0) {
    throw invalidQuery('pagination: either a key or an offset');
  }
  if (offset > MAX_OFFSET) throw invalidQuery(`pagination.offset: above ${MAX_OFFSET}`);
  return offset;
}
