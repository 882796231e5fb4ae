import { useCallback, useEffect, useState } from 'react';
import { asError } from '../as-error.ts';

export interface Polled<T> {
  /** The last good answer, kept while the sequencer is away. */
  readonly value: T | null;
  /** Why the last attempt failed, or null. */
  readonly failure: Error | null;
  readonly retry: () => void;
}

/** Asks again every `everyMs` while the page is visible. `load` must be stable. */
export function usePolled<T>(load: () => Promise<T>, everyMs: number): Polled<T> {
  const [value, setValue] = useState<T | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt restarts the polling
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const poll = async () => {
      if (!document.hidden) {
        try {
          const loaded = await load();
          if (stopped) return;
          setValue(loaded);
          setFailure(null);
        } catch (thrown) {
          if (stopped) return;
          setFailure(asError(thrown));
        }
      }
      if (!stopped) timer = setTimeout(() => void poll(), everyMs);
    };
    const seen = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      void poll();
    };
    void poll();
    document.addEventListener('visibilitychange', seen);
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [load, everyMs, attempt]);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { value, failure, retry };
}
