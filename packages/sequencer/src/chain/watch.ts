import type { Chain } from '@semblance/client/chain';
import { type MlEvent, mlEvents } from '@semblance/client/events';
import type { Notice } from '@semblance/client/feed';

export interface ChainListener {
  onEvent(event: MlEvent): void;
  /** Something may have been missed, or some time has passed: read what matters again. */
  onPoll(): Promise<void>;
}

export interface ChainWatch {
  /** Whether a block or an answer came lately. */
  isLive(): boolean;
  /** Height of the latest block seen. */
  height(): bigint;
  stop(): void;
}

const POLL_MS = 3_000;
/** A chain makes a block every second. */
const LIVE_MS = 10_000;

/** Hears of everything on the chain through its feed, and asks regularly should the feed fail. */
export function watchChain(
  chain: Pick<Chain, 'subscribe' | 'query'>,
  listener: ChainListener,
): ChainWatch {
  let seenAt = 0;
  let height = 0n;
  let isPolling = false;

  const seen = (at: bigint): void => {
    seenAt = Date.now();
    if (at > height) height = at;
  };
  const onNotice = (notice: Notice): void => {
    seen(notice.kind === 'block' ? notice.height : notice.tx.height);
    if (notice.kind === 'tx' && notice.tx.code !== 0) return;
    const events = notice.kind === 'block' ? notice.events : notice.tx.events;
    for (const event of mlEvents(events)) listener.onEvent(event);
  };
  const ask = async (): Promise<void> => {
    seen((await chain.query.status()).height);
    await listener.onPoll();
  };
  const poll = (): void => {
    if (isPolling) return;
    isPolling = true;
    // Unanswered, it is asked again in a moment; isLive tells meanwhile.
    ask()
      .catch(() => {})
      .finally(() => {
        isPolling = false;
      });
  };

  const unsubscribe = chain.subscribe({ onNotice, onResync: poll });
  const timer = setInterval(poll, POLL_MS);
  return {
    isLive: () => Date.now() - seenAt < LIVE_MS,
    height: () => height,
    stop: () => {
      clearInterval(timer);
      unsubscribe();
    },
  };
}
