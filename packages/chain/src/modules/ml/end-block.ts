import type { Context } from '../../context.ts';
import { rewardNodes } from '../distribution/distribute.ts';
import { closeCommits } from './phases/close-commits.ts';
import { pruneJobs } from './phases/prune.ts';
import { releaseStakes } from './phases/release-stakes.ts';
import { settleJobs } from './phases/settle.ts';

/** Whoever is jailed now is not drawn at the beginning of the next block. */
export function endMlBlock(context: Context): void {
  closeCommits(context);
  rewardNodes(context, settleJobs(context));
  releaseStakes(context);
  pruneJobs(context);
}
