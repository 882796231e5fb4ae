import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from './host.ts';
import { planOf } from './host.ts';
import { layout } from './layout.ts';

/*
 * The plan says what ought to run on a host, and `network start` sees to it that it does: `network
 * add` and `network remove`, in another terminal, write the plan and wait for what follows. So the
 * next start begins from the same.
 */

const POLL_MS = 500;

/**
 * Has a running host do what its plan says, now and whenever the file changes, until `signal` aborts.
 * Resolves once nothing is under way any more. `onFailure` is told what could not be started; it is
 * tried again when the plan is written again.
 */
export async function followPlan(
  home: string,
  host: Host,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<void> {
  let seen: string | undefined;
  while (!signal.aborted) {
    try {
      const version = versionOf(layout(home).plan);
      if (version !== seen) {
        seen = version;
        await host.follow(planOf(home));
      }
    } catch (error) {
      if (!signal.aborted) onFailure(error);
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
  }
}

/** Changes with every writing of a file, even of the same text. */
function versionOf(path: string): string {
  const { ino, mtimeMs, size } = statSync(path);
  return `${ino} ${mtimeMs} ${size}`;
}
