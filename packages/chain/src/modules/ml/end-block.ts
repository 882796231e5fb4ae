import type { Context } from '../../context.ts';
import { rewardNodes } from '../distribution/distribute.ts';
import { advanceBeacon } from './beacon.ts';
import { closeCommits } from './phases/close-commits.ts';
import { drawCommittees } from './phases/draw-committees.ts';
import { pruneJobs } from './phases/prune.ts';
import { releaseStakes } from './phases/release-stakes.ts';
import { settleJobs } from './phases/settle.ts';

/** Deadlines first, so that whoever is jailed now is not drawn now; draws last. */
export function endMlBlock(context: Context): void {
  const beacon = advanceBeacon(context);
  closeCommits(context);
  rewardNodes(context, settleJobs(context));
  releaseStakes(context);
  pruneJobs(context);
  drawCommittees(context, beacon);
}
