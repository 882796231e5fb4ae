import { fromUint64 } from '@semblance/core/bytes';
import type { State } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import type { JobRecord } from './jobs.ts';

/** Jobs submitted in this block; they get their committees when it closes, in order of submission. */
export function queueForDraw(state: State, { number, job }: JobRecord): void {
  state.set(keyOf(PREFIX.mlDrawQueue, fromUint64(number)), job.id);
}

export function takeQueuedForDraw(state: State): Uint8Array[] {
  const queued = [...state.range(...keysUnder(keyOf(PREFIX.mlDrawQueue)))];
  for (const [key] of queued) state.delete(key);
  return queued.map(([, id]) => id);
}
