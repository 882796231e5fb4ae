import { fromUint64 } from '@semblance/core/bytes';
import type { State } from './store/overlay.ts';
import { keyOf, PRESENT } from './store/prefixes.ts';

/*
 * What is to happen when: ids under the time at which they are due, so that the end of a block
 * reads exactly the entries that are due and never looks at the others.
 */

/** Prefix of a queue's keys: the time and the id follow. */
export type Queue = number;

const entryKey = (queue: Queue, timeMs: bigint, id: Uint8Array) =>
  keyOf(queue, fromUint64(timeMs), id);

export function enqueue(state: State, queue: Queue, timeMs: bigint, id: Uint8Array): void {
  state.set(entryKey(queue, timeMs, id), PRESENT);
}

export function dequeue(state: State, queue: Queue, timeMs: bigint, id: Uint8Array): void {
  state.delete(entryKey(queue, timeMs, id));
}

/** Takes out the ids due at or before `nowMs`, the longest due first, at most `limit` of them. */
export function takeDue(
  state: State,
  queue: Queue,
  nowMs: bigint,
  limit = Number.MAX_SAFE_INTEGER,
): Uint8Array[] {
  const due: Uint8Array[] = [];
  for (const [key] of state.range(keyOf(queue), keyOf(queue, fromUint64(nowMs + 1n)))) {
    if (due.length === limit) break;
    due.push(key);
  }
  for (const key of due) state.delete(key);
  return due.map((key) => key.subarray(9));
}
