import { createJsonRpc } from '@semblance/client/json-rpc';
import type { TrustedBlock } from '@semblance/consensus/cometbft/config';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';

/*
 * The block from which a newcomer begins to check a chain it has never seen: one that several nodes
 * name alike. Who knows of a block by other means should name it instead.
 */

/** Older than the snapshots that peers keep, so that they are checked forward, in few steps. */
const BEHIND = 2000;

/**
 * A recent block on which all of these RPCs agree. Throws CommandError UNREACHABLE if one does not
 * answer, WRONG_ANSWER if one answers with something else, WRONG_CHAIN if one is of another chain and TRUST_DIFFERS if they do not agree.
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
  const sync = at(await ask(url, 'status', {}), 'sync_info');
  return {
    earliest: heightIn(url, at(sync, 'earliest_block_height')),
    latest: heightIn(url, at(sync, 'latest_block_height')),
  };
}

async function blockAt(url: string, height: number): Promise<{ hash: string; chainId: string }> {
  const signed = at(await ask(url, 'commit', { height: String(height) }), 'signed_header');
  const hash = at(at(at(signed, 'commit'), 'block_id'), 'hash');
  const chainId = at(at(signed, 'header'), 'chain_id');
  if (typeof hash !== 'string' || !/^[0-9A-F]{64}$/.test(hash)) throw wrongAnswer(url);
  if (typeof chainId !== 'string') throw wrongAnswer(url);
  return { hash, chainId };
}

async function ask(url: string, method: string, params: Record<string, string>): Promise<unknown> {
  try {
    return await createJsonRpc(url).call(method, params);
  } catch (cause) {
    const message = `--state-sync: no answer from ${url}`;
    throw new CommandError('UNREACHABLE', message, EXIT.unreachable, { cause });
  }
}

function heightIn(url: string, value: unknown): number {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw wrongAnswer(url);
}

/** A member of what may be no object at all. */
const at = (value: unknown, name: string): unknown =>
  (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];

function wrongAnswer(url: string): CommandError {
  const message = `--state-sync: ${url} answers, but not as CometBFT's RPC does`;
  return new CommandError('WRONG_ANSWER', message, EXIT.failure);
}
