import type { Chain } from '@semblance/client/chain';
import type { BlockView } from '../views.ts';

/** The latest blocks in short, newest first. */
export type RecentBlocks = (limit: number) => Promise<BlockView[]>;

const MAX_KEPT = 256;
/** A block can hold megabytes of reveals, so few are asked for at once. */
const AT_ONCE = 4;

export function createRecentBlocks(chain: Pick<Chain, 'query'>): RecentBlocks {
  const kept = new Map<bigint, BlockView>();
  const read = async (height: bigint): Promise<BlockView> => {
    const known = kept.get(height);
    if (known) return known;
    const { timeMs, hash, header, txs } = await chain.query.block(height);
    const view: BlockView = {
      height: Number(height),
      time: timeMs,
      hash: hash.toLowerCase(),
      app_hash: header.app_hash.toLowerCase(),
      txs: txs.length,
      proposer: header.proposer_address.toLowerCase(),
    };
    kept.set(height, view);
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as bigint);
    return view;
  };
  return async (limit) => {
    const { height: top, earliestHeight } = await chain.query.status();
    const blocks: BlockView[] = [];
    for (let next = top; next >= earliestHeight && blocks.length < limit; ) {
      const heights: bigint[] = [];
      while (heights.length < Math.min(AT_ONCE, limit - blocks.length) && next >= earliestHeight) {
        heights.push(next--);
      }
      blocks.push(...(await Promise.all(heights.map(read))));
    }
    return blocks;
  };
}
