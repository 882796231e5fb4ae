import { setTimeout as sleep } from 'node:timers/promises';
import type { Chain } from '@semblance/client/chain';
import type { Log } from '../log.ts';

const POLL_MS = 500;

/**
 * Hash of the first block that can be asked for, upper-case hex. A chain whose validators are not all
 * there yet has none, and it is waited for until the signal aborts, which throws.
 */
export async function firstBlockHash(
  { query }: Pick<Chain, 'query'>,
  signal: AbortSignal,
  log: Log,
): Promise<string> {
  for (let asked = 0; ; asked++) {
    const { chainId, earliestHeight } = await query.status({ signal });
    if (earliestHeight > 0n) return (await query.block(earliestHeight, { signal })).hash;
    if (asked === 0) log('info', 'waiting for the first block', { chain: chainId });
    await sleep(POLL_MS, undefined, { signal });
  }
}
