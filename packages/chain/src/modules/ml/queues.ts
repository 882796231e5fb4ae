import type { Queue } from '../../due-queue.ts';
import { PREFIX } from '../../store/prefixes.ts';

/** Open jobs by their commit deadline. Ids are job ids. */
export const COMMIT_QUEUE: Queue = PREFIX.mlCommitQueue;
/** Jobs being revealed by the time they are settled. Ids are job ids. */
export const REVEAL_QUEUE: Queue = PREFIX.mlRevealQueue;
/** Settled jobs by the time they are pruned. Ids are job ids. */
export const PRUNE_QUEUE: Queue = PREFIX.mlPruneQueue;
/** Leaving nodes by the time they get their stake back. Ids are the 20 bytes of addresses. */
export const LEAVE_QUEUE: Queue = PREFIX.mlLeaveQueue;
