import { once } from 'node:events';
import { submit } from './submission.ts';

/** Blocks that hold none of those awaited, after which they are sent again. */
const PATIENCE_BLOCKS = 10;
const ONE_BY_ONE = { batch: 1, method: 'broadcast_tx_sync' } as const;

export interface SentTransactions {
  /** Tells of transactions, in base64, that are about to be sent. */
  expect(txs: Iterable<string>): void;
  /**
   * Resolves when all that were expected are in blocks. An engine that takes them before it has checked
   * them says nothing of those that it drops: what stays away is sent again, and what is refused then
   * is a failure that says why.
   */
  inBlocks(): Promise<void>;
  close(): void;
}

/** What becomes of transactions, as the chain tells its subscribers. */
export async function followSent(url: string): Promise<SentTransactions> {
  const missing = new Set<string>();
  let waiting: PromiseWithResolvers<void> | undefined;
  let failure: unknown;
  let blocksWithoutAny = 0;
  const fail = (error: unknown) => {
    failure ??= error;
    waiting?.reject(failure);
  };
  const take = (txs: readonly string[]) => {
    const found = txs.filter((tx) => missing.delete(tx)).length;
    if (waiting === undefined) return;
    if (missing.size === 0) waiting.resolve();
    blocksWithoutAny = found > 0 ? 0 : blocksWithoutAny + 1;
    if (blocksWithoutAny < PATIENCE_BLOCKS) return;
    blocksWithoutAny = 0;
    submit(url, [...missing], ONE_BY_ONE).catch(fail);
  };
  const close = await subscribe(url, take, fail);
  return {
    expect(txs) {
      for (const tx of txs) missing.add(tx);
    },
    async inBlocks() {
      if (failure !== undefined) throw failure;
      if (missing.size === 0) return;
      blocksWithoutAny = 0;
      waiting = Promise.withResolvers();
      await waiting.promise;
      waiting = undefined;
    },
    close,
  };
}

/** Resolves when it listens. */
async function subscribe(
  url: string,
  onBlock: (txs: readonly string[]) => void,
  onFailure: (error: unknown) => void,
): Promise<() => void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket`);
  const listening = Promise.withResolvers<void>();
  const fail = (reason: string) => {
    const error = new Error(`no more blocks: ${reason}`);
    listening.reject(error);
    onFailure(error);
  };
  socket.addEventListener('close', ({ code, reason }) => fail(`${code} ${reason}`));
  socket.addEventListener('message', ({ data }) => {
    const { result, error } = JSON.parse(data);
    if (error !== undefined) fail(JSON.stringify(error));
    else if (result.data === undefined) listening.resolve();
    else onBlock(result.data.value.block.data.txs);
  });
  await once(socket, 'open');
  const query = "tm.event='NewBlock'";
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'subscribe', params: { query } }));
  await listening.promise;
  return () => socket.close();
}
