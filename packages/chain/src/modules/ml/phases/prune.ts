import type { Context } from '../../../context.ts';
import { takeDue } from '../../../due-queue.ts';
import { getJob, removeJob } from '../jobs.ts';
import { PRUNE_QUEUE } from '../queues.ts';

/** So that a long silence does not end in one long block. */
const MAX_PRUNED_PER_BLOCK = 1000;

/** Forgets settled jobs whose retention is over. */
export function pruneJobs({ state, block }: Context): void {
  for (const id of takeDue(state, PRUNE_QUEUE, block.timeMs, MAX_PRUNED_PER_BLOCK)) {
    const record = getJob(state, id);
    if (record !== undefined) removeJob(state, record);
  }
}
