import { toHex } from '@semblance/core/bytes';
import { JobPhase, Standing, Verdict } from '@semblance/proto/ml';
import type { Context } from '../../../context.ts';
import { enqueue } from '../../../due-queue.ts';
import { event } from '../../../events.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { hasDuty, removeDuty } from '../duties.ts';
import { removeInputs } from '../inputs.ts';
import { type JobRecord, requestOf, setJob } from '../jobs.ts';
import { PRUNE_QUEUE } from '../queues.ts';

/** No verdict: the fee goes back, and members without another standing are left undecided. */
export function closeWithRefund(context: Context, record: JobRecord, verdict: Verdict): void {
  const { job } = record;
  const { requester, fee } = requestOf(job);
  const to = parseAddress(context.params, requester, 'requester');
  transferFeeCoin(context, MODULE_ACCOUNTS.escrow, to, BigInt(fee));
  job.refund = fee;
  for (const member of job.members) {
    if (hasDuty(member)) removeDuty(context, record, member.node);
    if (member.standing === Standing.UNSPECIFIED) member.standing = Standing.UNDECIDED;
  }
  close(context, record, verdict);
}

/** Writes a job's end. Its fee is paid out and its members have their standings by now. */
export function close(
  { state, block, params, events }: Context,
  record: JobRecord,
  verdict: Verdict,
) {
  const { job } = record;
  job.phase = JobPhase.SETTLED;
  job.verdict = verdict;
  job.settledHeight = block.height;
  job.settledAt = block.timeMs;
  setJob(state, record);
  removeInputs(state, job);
  const { jobRetentionMs } = params.ml;
  if (jobRetentionMs > 0n) enqueue(state, PRUNE_QUEUE, block.timeMs + jobRetentionMs, job.id);
  events.push(
    event('job_settled', {
      job_id: toHex(job.id),
      verdict: Verdict[verdict].toLowerCase(),
      result_sha256: toHex(job.resultSha256),
    }),
  );
}
