import { setTimeout as sleep } from 'node:timers/promises';
import { type Chain, connect } from '@semblance/client/chain';
import { UnreachableError } from '@semblance/client/errors';

const PATIENCE_MS = 60_000;
const RETRY_MS = 500;

/** Connects to a chain that may still be starting. Throws UnreachableError after a minute. */
export async function connectPatiently(rpcUrl: string, signal: AbortSignal): Promise<Chain> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await connect(rpcUrl, { signal });
    } catch (error) {
      if (!(error instanceof UnreachableError) || Date.now() > until) throw error;
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}
