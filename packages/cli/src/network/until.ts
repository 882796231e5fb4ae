import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';

const POLL_MS = 250;

/** Runs `act` until it returns something; what it throws meanwhile is a part on its way. */
export async function until<T>(signal: AbortSignal, act: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const value = await act().catch(() => undefined);
    if (value !== undefined) return value;
    await delay(POLL_MS, undefined, { signal });
  }
}

/** The same for a while only; then throws CommandError TIMEOUT with what `late` says. */
export async function untilLate<T>(
  { signal, ms }: { readonly signal: AbortSignal; readonly ms: number },
  late: () => string,
  act: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = AbortSignal.timeout(ms);
  try {
    return await until(AbortSignal.any([signal, deadline]), act);
  } catch (cause) {
    if (!deadline.aborted || signal.aborted) throw cause;
    throw new CommandError('TIMEOUT', late(), EXIT.failure, { cause });
  }
}
