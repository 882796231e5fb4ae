import type { PageRequest } from '@semblance/proto/gen/cosmos/base/query/v1beta1/pagination_pb';
import type { Page } from '../comet/engine.ts';
import { invalidArgument } from '../errors.ts';

/** The longest page that CometBFT gives, and the one it is asked for when nobody says. */
const MAX_PER_PAGE = 100n;
/** More pages than any chain has. */
const MAX_PAGE = 1n << 48n;

/** CometBFT's page for a number of page (from 1; 0 is the first) and its length (0 is the usual). */
export function pageOf(page: bigint, limit: bigint): Page {
  const perPage = limit === 0n || limit > MAX_PER_PAGE ? MAX_PER_PAGE : limit;
  if (page > MAX_PAGE) throw invalidArgument('page: no such page');
  return { page: Number(page === 0n ? 1n : page), perPage: Number(perPage) };
}

/** The same for Cosmos' pagination by offset, which has to be at the start of a page. */
export function pageAt(pagination: PageRequest | undefined): Page {
  const { key = new Uint8Array(), offset = 0n, limit = 0n } = pagination ?? {};
  if (key.length > 0)
    throw invalidArgument('pagination.key: not known here; use pagination.offset');
  const first = pageOf(0n, limit);
  const perPage = BigInt(first.perPage);
  if (offset % perPage !== 0n) {
    throw invalidArgument(`pagination.offset: not a multiple of the limit, which is ${perPage}`);
  }
  return pageOf(offset / perPage + 1n, perPage);
}
