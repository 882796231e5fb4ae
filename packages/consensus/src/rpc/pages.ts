import { InvalidInputError } from '@semblance/core/errors';
import { internalError } from './errors.ts';
import type { Params } from './params.ts';

const DEFAULT_PER_PAGE = 30n;
const MAX_PER_PAGE = 100n;

/** The slice of a list that `page` (from 1) and `per_page` name. */
export function pageOf<Item>(items: readonly Item[], params: Params): readonly Item[] {
  const perPage = perPageOf(params);
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const page = params.integer('page') ?? 1n;
  if (page < 1n || page > BigInt(pages)) {
    throw internalError(`page should be within [1, ${pages}] range, given ${page}`);
  }
  const start = (Number(page) - 1) * perPage;
  return items.slice(start, start + perPage);
}

/** CometBFT cuts a page that is too long instead of refusing it. */
function perPageOf(params: Params): number {
  const asked = params.integer('per_page') ?? 0n;
  if (asked < 1n) return Number(DEFAULT_PER_PAGE);
  return Number(asked > MAX_PER_PAGE ? MAX_PER_PAGE : asked);
}

/** Items in the order of `order_by`, given in ascending order. */
export function ordered<Item>(items: readonly Item[], params: Params): readonly Item[] {
  const order = params.text('order_by') ?? 'asc';
  if (order === 'asc') return items;
  if (order === 'desc') return items.toReversed();
  throw new InvalidInputError('order_by', 'neither "asc" nor "desc"');
}
