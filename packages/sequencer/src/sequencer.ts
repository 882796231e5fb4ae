import { createAccounts } from './accounts/keystore.ts';
import { connectPatiently } from './chain/connect.ts';
import { startCore } from './core.ts';
import { createEnding, type Ending } from './ending.ts';
import { createApp } from './http/app.ts';
import { isLoopback } from './http/loopback.ts';
import { listen } from './http/server.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type Log, logToStderr } from './log.ts';
import { openStores } from './stores.ts';

export interface SequencerOptions {
  /** Directory of everything on disk; made if missing. One process at a time. */
  readonly home: string;
  /** The chain's JSON-RPC server, which may still be starting. */
  readonly rpcUrl: string;
  /** Folder of models/<id>/manifest.json, for titles, defaults and suggested prompts. */
  readonly modelsDir: string;
  /**
   * Key file of the funded account behind the public local key. It is open to everybody who can
   * reach a loopback address, and closed on any other.
   */
  readonly localKeyFile?: string;
  /** Folder of the built web page. */
  readonly pageDir?: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 8080; 0 takes any free port. */
  readonly port?: number;
  /** bech32 prefix of the chain's addresses. Default "sem". */
  readonly prefix?: string;
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  /** Gives up starting when aborted; a sequencer that serves is stopped by its `stop`. */
  readonly signal?: AbortSignal;
}

export interface Sequencer {
  readonly url: string;
  /** Takes no more requests and closes everything. Accepted jobs go on at the next start. */
  stop(): Promise<void>;
}

/**
 * Starts a sequencer. Resolves once it serves and has taken up what an earlier run left open, which
 * is not before the chain has a block.
 *
 * Throws JobStoreError IN_USE when another process has the home, UnreachableError when there is no
 * chain, InvalidInputError for a key file that is none, and the signal's reason when that aborts.
 */
export async function startSequencer(options: SequencerOptions): Promise<Sequencer> {
  const { signal } = options;
  signal?.throwIfAborted();
  const ending = createEnding();
  const abort = new AbortController();
  const giveUp = () => abort.abort(signal?.reason);
  signal?.addEventListener('abort', giveUp);
  try {
    return await start(options, ending, abort);
  } catch (error) {
    await ending.run();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

async function start(
  options: SequencerOptions,
  ending: Ending,
  abort: AbortController,
): Promise<Sequencer> {
  const { home, rpcUrl, modelsDir, pageDir, localKeyFile } = options;
  const { host = '127.0.0.1', port = 8080, prefix = 'sem', log = logToStderr } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const stores = await openStores(home, limits.artifactBytes, ending);
  ending.add(() => abort.abort());
  const chain = await connectPatiently(rpcUrl, abort.signal);
  ending.add(() => chain.close());
  const accounts = createAccounts({ home, prefix, localKeyFile });
  const core = await startCore({
    home,
    chain,
    stores,
    accounts,
    modelsDir,
    limits,
    log,
    ending,
    signal: abort.signal,
  });
  const reach = isLoopback(host) ? 'loopback' : 'network';
  const localKey = reach === 'loopback' && localKeyFile !== undefined ? 'open' : 'closed';
  const server = await listen(createApp({ ...core, localKey, pageDir }, reach), host, port);
  ending.add(() => server.close());
  ending.add(() => core.streams.close());
  return { url: server.url, stop: () => ending.run() };
}
