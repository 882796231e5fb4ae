import { type Broadcast, createBroadcast } from './broadcast.ts';
import { ChainError } from './errors.ts';
import { createFeed, type Listener } from './feed.ts';
import { createGasBook } from './gas-book.ts';
import { createJsonRpc } from './json-rpc.ts';
import { createQueries, type Queries } from './query.ts';
import { createSequenceBook } from './sequence.ts';

export interface ConnectOptions {
  /** Closes the connection when aborted. */
  readonly signal?: AbortSignal;
  /** Thousandths of a base unit for one gas; the network's floor when not given. */
  readonly gasPriceMilli?: bigint;
}

/** A chain as seen through one RPC server. */
export interface Chain {
  readonly rpcUrl: string;
  readonly chainId: string;
  /** Coin of fees and stakes, e.g. "usem". */
  readonly denom: string;
  readonly query: Queries;
  /**
   * Signs, sends and waits for the block. Transactions of one signer may be sent at the same time.
   *
   * Throws {@link ChainError} when the chain refuses it before or in the block, NotIncludedError
   * when time runs out (the transaction may yet be included), UnreachableError when nothing
   * answers, and the signal's reason when aborted.
   */
  readonly broadcast: Broadcast;
  /** Listens to blocks and transactions over one shared, reconnecting socket. */
  subscribe(listener: Listener): () => void;
  close(): void;
}

const DEFAULT_GAS_PRICE_MILLI = 1n;

/** Connects to a CometBFT JSON-RPC server, e.g. `http://127.0.0.1:26657`. */
export async function connect(rpcUrl: string, options: ConnectOptions = {}): Promise<Chain> {
  const { signal } = options;
  const rpc = createJsonRpc(rpcUrl);
  const query = createQueries(rpc);
  const [{ chainId }, { bondDenom: denom }] = await Promise.all([
    query.status({ signal }),
    query.params({ signal }),
  ]);
  const feed = createFeed(rpcUrl);
  const sequences = createSequenceBook(async (address) => {
    const account = await query.account(address);
    if (account) return account;
    throw new ChainError({
      chainCode: 9,
      codespace: 'sdk',
      log: `account ${address} does not exist: fund it first`,
    });
  });
  const gasPriceMilli = options.gasPriceMilli ?? DEFAULT_GAS_PRICE_MILLI;
  const terms = { chainId, denom, gasPriceMilli };
  signal?.addEventListener('abort', () => feed.close(), { once: true });
  return {
    rpcUrl,
    chainId,
    denom,
    query,
    broadcast: createBroadcast({
      rpc,
      queries: query,
      feed,
      sequences,
      gasBook: createGasBook(),
      terms,
    }),
    subscribe: (listener) => feed.listen(listener),
    close: () => feed.close(),
  };
}
