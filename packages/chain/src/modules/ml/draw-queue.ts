import { fromUint64 } from '@semblance/core/bytes';
import type { State } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import type { JobRecord } from './jobs.ts';

/**
 * Jobs submitted in this block. They get their committees at the beginning of the next one, in order of
 * submission: its beacon is made of votes that nobody can have seen before all of this block was fixed.
 */
export function queueForDraw(state: State, { number, job }: JobRecord): void {
  state.set(keyOf(PREFIX.mlDrawQueue, fromUint64(number)), job.id);
}

/** Whether jobs wait for the next block. */
export function isDrawDue(state: State): boolean {
  for (const _ of state.range(...keysUnder(keyOf(PREFIX.mlDrawQueue)))) return true;
  return false;
}

export function takeQueuedForDraw(state: State): Uint8Array[] {
  const queued = [...state.range(...keysUnder(keyOf(PREFIX.mlDrawQueue)))];
  for (const [key] of queued) state.delete(key);
  return queued.map(([, id]) => id);
}
