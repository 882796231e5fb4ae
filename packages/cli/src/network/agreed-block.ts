import type { TrustedBlock } from '@semblance/consensus/cometbft/config';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';

/*
 * The block from which a newcomer begins to check a chain it has never seen: one that several nodes
 * name alike. Who knows of a block by other means should name it instead.
 */

/** Older than the snapshots that peers keep, so that they are checked forward, in few steps. */
const BEHIND = 2000;
const TIMEOUT_MS = 10_000;

/**
 * A recent block on which all of these RPCs agree. Throws CommandError UNREACHABLE if one does not
 * answer, WRONG_CHAIN if one is of another chain and TRUST_DIFFERS if they do not agree.
 */
export async function agreedBlock(
  urls: readonly string[],
  chainId: string | undefined,
): Promise<TrustedBlock> {
  const spans = await Promise.all(urls.map(spanOf));
  const oldest = Math.max(...spans.map(({ earliest }) => earliest));
  const newest = Math.min(...spans.map(({ latest }) => latest));
  const height = Math.max(1, oldest, newest - BEHIND);
  const [first, ...others] = await Promise.all(urls.map((url) => blockAt(url, height)));
  if (first === undefined) throw new RangeError('no RPCs');
  if (others.some(({ hash }) => hash !== first.hash)) {
    const message = `--state-sync: these RPCs name different blocks at height ${height}`;
    throw new CommandError('TRUST_DIFFERS', message, EXIT.failure);
  }
  if (chainId !== undefined && chainId !== first.chainId) {
    const message = `--state-sync: these RPCs are of ${first.chainId}, the genesis of ${chainId}`;
    throw new CommandError('WRONG_CHAIN', message, EXIT.usage);
  }
  return { height, hash: first.hash };
}

async function spanOf(url: string): Promise<{ earliest: number; latest: number }> {
  const { sync_info: sync } = await ask<{
    sync_info: { earliest_block_height: string; latest_block_height: string };
  }>(url, '/status');
  return {
    earliest: Number(sync.earliest_block_height),
    latest: Number(sync.latest_block_height),
  };
}

async function blockAt(url: string, height: number): Promise<{ hash: string; chainId: string }> {
  const { signed_header: signed } = await ask<{
    signed_header: { header: { chain_id: string }; commit: { block_id: { hash: string } } };
  }>(url, `/commit?height=${height}`);
  return { hash: signed.commit.block_id.hash, chainId: signed.header.chain_id };
}

async function ask<T>(url: string, path: string): Promise<T> {
  try {
    const response = await fetch(url + path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { result, error } = (await response.json()) as { result?: T; error?: unknown };
    if (result !== undefined) return result;
    throw new Error(JSON.stringify(error));
  } catch (cause) {
    const message = `--state-sync: no answer from ${url}`;
    throw new CommandError('UNREACHABLE', message, EXIT.unreachable, { cause });
  }
}
