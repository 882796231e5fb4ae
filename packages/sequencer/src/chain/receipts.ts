import type { Chain } from '@semblance/client/chain';
import { buildReceipt, type Receipt } from '@semblance/client/receipt';
import { fromHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';

const MAX_KEPT = 64;

/** Receipts of settled jobs, which never change; undefined when the chain has no such job. */
export function createReceipts(
  chain: Chain,
  signal: AbortSignal,
): (jobId: string) => Promise<Receipt | undefined> {
  const kept = new Map<string, Promise<Receipt>>();
  return async (jobId) => {
    const receipt = kept.get(jobId) ?? buildReceipt(chain, fromHex(jobId), { signal });
    kept.delete(jobId);
    kept.set(jobId, receipt);
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as string);
    try {
      return await receipt;
    } catch (error) {
      kept.delete(jobId);
      if (error instanceof InvalidInputError) return undefined;
      throw error;
    }
  };
}
