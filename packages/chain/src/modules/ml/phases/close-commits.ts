import { Standing, Verdict } from '@semblance/proto/ml';
import type { Context } from '../../../context.ts';
import { takeDue } from '../../../due-queue.ts';
import { hasDuty } from '../duties.ts';
import { indexedJob, type JobRecord } from '../jobs.ts';
import { punishMiss } from '../penalties.ts';
import { COMMIT_QUEUE } from '../queues.ts';
import { hasStandingCommitment, startReveal } from './advance.ts';
import { closeWithRefund } from './close.ts';

/** Ends the commit phase of the jobs whose deadline has come. */
export function closeCommits(context: Context): void {
  for (const id of takeDue(context.state, COMMIT_QUEUE, context.block.timeMs)) {
    closeCommit(context, indexedJob(context.state, id));
  }
}

/** Goes on with more than half of the committee, or gives the fee back. */
function closeCommit(context: Context, record: JobRecord): void {
  const { members } = record.job;
  const committed = members.filter(hasStandingCommitment).length;
  for (const member of members) {
    if (hasDuty(member) && member.commitment.length === 0) {
      punishMiss(context, record, member, Standing.LATE);
    }
  }
  if (2 * committed > members.length) startReveal(context, record);
  else closeWithRefund(context, record, Verdict.LATE);
}
