import { toHex } from '@semblance/core/bytes';
import { JobPhase, type Member, Standing } from '@semblance/proto/ml';
import type { Context } from '../../../context.ts';
import { dequeue, enqueue } from '../../../due-queue.ts';
import { event } from '../../../events.ts';
import { hasDuty } from '../duties.ts';
import { type JobRecord, setJob } from '../jobs.ts';
import { COMMIT_QUEUE, REVEAL_QUEUE } from '../queues.ts';

/** Whether a commitment of the member stands: it has committed and is not at fault. */
export function hasStandingCommitment({ standing, commitment }: Member): boolean {
  return standing === Standing.UNSPECIFIED && commitment.length > 0;
}

/** Writes a job after a member's act, and moves it on when nobody is left to wait for. */
export function advance(context: Context, record: JobRecord): void {
  const { job } = record;
  const awaitsCommitment = (member: Member) => hasDuty(member) && member.commitment.length === 0;
  if (job.phase === JobPhase.COMMIT && !job.members.some(awaitsCommitment)) {
    dequeue(context.state, COMMIT_QUEUE, job.commitDeadline, job.id);
    startReveal(context, record);
    return;
  }
  if (job.phase === JobPhase.REVEAL) settleIfDone(context, record);
  setJob(context.state, record);
}

/** From here on commitments are opened: every one that will ever count is on chain. */
export function startReveal(context: Context, record: JobRecord): void {
  const { job } = record;
  const { state, block, params, events } = context;
  job.phase = JobPhase.REVEAL;
  job.revealDeadline = block.timeMs + params.ml.revealWindowMs;
  enqueue(state, REVEAL_QUEUE, job.revealDeadline, job.id);
  events.push(event('job_revealing', { job_id: toHex(job.id) }));
  settleIfDone(context, record);
  setJob(state, record);
}

/** With every reveal in, the job is due at the end of this very block. */
function settleIfDone({ state, block }: Context, { job }: JobRecord): void {
  if (job.members.some(hasDuty)) return;
  dequeue(state, REVEAL_QUEUE, job.revealDeadline, job.id);
  enqueue(state, REVEAL_QUEUE, block.timeMs, job.id);
}
