import { pause } from './pause.ts';

/** Lets a loop rest until there is something to do. */
export interface Waker {
  wake(): void;
  /** Resolves at the next wake (at once if there was one meanwhile), at the period, or at the end. */
  rest(): Promise<void>;
}

export function createWaker(periodMs: number, signal: AbortSignal): Waker {
  let awake = false;
  let resolveRest = (): void => {};
  return {
    wake: () => {
      awake = true;
      resolveRest();
    },
    rest: async () => {
      const over = new AbortController();
      const woken = new Promise<void>((resolve) => {
        resolveRest = resolve;
      });
      if (!awake) {
        const period = pause(periodMs, AbortSignal.any([signal, over.signal])).catch(() => {});
        await Promise.race([woken, period]);
      }
      over.abort();
      awake = false;
    },
  };
}
