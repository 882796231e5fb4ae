import { sha256 } from '@semblance/core/sha256';
import { rpc, until } from '../cometbft/network.ts';

/** What became of a transaction in its block. */
export interface TxOutcome {
  readonly code: number;
  readonly log: string;
}

/** The blocks of a network whose validators come and go, by whoever has the next one. */
export interface Blocks {
  /** Resolves at the next block; rejects if none comes in time. */
  next(): Promise<void>;
  /** Of a transaction by its SHA-256 in hex; undefined until it is in a block. */
  outcomeOf(hash: string): TxOutcome | undefined;
  close(): void;
}

/**
 * One question at a time, however many wait: two thousand a second, one a transaction and a job,
 * took the processor from the validators.
 */
export function followBlocks(urls: readonly string[], patienceMs = 60_000): Blocks {
  const outcomes = new Map<string, TxOutcome>();
  let isWanted = true;
  let turn = 0;
  let tip = Promise.withResolvers<void>();
  const follow = async () => {
    for (let height = 1; isWanted; height++) {
      const next = async () => {
        if (!isWanted) return [];
        turn++;
        return outcomesAt(urls[turn % urls.length] as string, String(height));
      };
      const block = await until(`block ${height}`, next, patienceMs);
      for (const [hash, outcome] of block) outcomes.set(hash, outcome);
      const told = tip;
      tip = Promise.withResolvers();
      told.resolve();
    }
  };
  follow().catch((error: unknown) => {
    tip.promise.catch(() => undefined); // or nobody waits
    tip.reject(error);
  });
  return {
    next: () => tip.promise,
    outcomeOf: (hash) => outcomes.get(hash),
    close() {
      isWanted = false;
    },
  };
}

/** Rejects if the validator is away or has not executed that block. */
async function outcomesAt(url: string, height: string): Promise<[string, TxOutcome][]> {
  const { txs_results: results } = await rpc(url, 'block_results', { height });
  if (results === null) return [];
  const { block } = await rpc(url, 'block', { height });
  return block.data.txs.map((tx: string, i: number) => {
    const { code, log } = results[i];
    return [hashOf(Buffer.from(tx, 'base64')), { code, log }];
  });
}

/** The name of a transaction. */
export function hashOf(tx: Uint8Array): string {
  return Buffer.from(sha256(tx)).toString('hex');
}
