import { type Member, Standing, Verdict } from '@semblance/proto/ml';
import type { Context } from '../../../context.ts';
import { takeDue } from '../../../due-queue.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { hasDuty } from '../duties.ts';
import { indexedJob, type JobRecord, requestOf } from '../jobs.ts';
import { profileOf, requireModel } from '../models.ts';
import { getNode, setNode } from '../nodes.ts';
import { punishMiss } from '../penalties.ts';
import { REVEAL_QUEUE } from '../queues.ts';
import { close, closeWithRefund } from './close.ts';
import { judge } from './judge.ts';

/**
 * Settles the jobs whose reveals are all in or whose reveal deadline has come. Returns the members
 * of their majorities, once for each job.
 */
export function settleJobs(context: Context): Uint8Array[] {
  const due = takeDue(context.state, REVEAL_QUEUE, context.block.timeMs);
  return due.flatMap((id) => settle(context, indexedJob(context.state, id)));
}

function settle(context: Context, record: JobRecord): Uint8Array[] {
  const { job } = record;
  for (const member of job.members) {
    if (hasDuty(member)) punishMiss(context, record, member, Standing.WITHHELD);
  }
  const model = requireModel(context.state, requestOf(job).model, 'model');
  const { verdict, winners } = judge(job.members, profileOf(model));
  if (verdict !== Verdict.AGREED) {
    closeWithRefund(context, record, verdict);
    return [];
  }
  payOut(context, record, winners);
  return winners.map((i) => parseAddress(context.params, job.members[i]?.node ?? '', 'node'));
}

/**
 * Splits the fee: the share of who makes the blocks, the rest in equal parts to the majority. What
 * does not divide goes to its first member, whose file is the result: the executor where it agrees.
 */
function payOut(context: Context, record: JobRecord, winners: readonly number[]): void {
  const { job } = record;
  const fee = BigInt(requestOf(job).fee);
  const producerShare = (fee * BigInt(context.params.ml.producerShareBp)) / 10_000n;
  const nodesShare = fee - producerShare;
  const part = nodesShare / BigInt(winners.length);
  const remainder = nodesShare % BigInt(winners.length);
  pay(context, MODULE_ACCOUNTS.feeCollector, producerShare);
  job.proposerPayout = producerShare.toString();
  for (const [i, member] of job.members.entries()) {
    if (winners.includes(i)) {
      payMember(context, member, i === winners[0] ? part + remainder : part);
    } else if (member.standing === Standing.UNSPECIFIED) {
      dissent(context, member);
    }
  }
  job.resultSha256 = job.members[winners[0] as number]?.fileSha256 as Uint8Array;
  close(context, record, Verdict.AGREED);
}

function payMember(context: Context, member: Member, amount: bigint): void {
  member.standing = Standing.MAJORITY;
  member.payout = amount.toString();
  pay(context, parseAddress(context.params, member.node, 'node'), amount);
  const node = getNode(context, member.node);
  if (node === undefined) return;
  node.jobsAgreed += 1n;
  setNode(context, node);
}

/** Outside of the majority: unpaid, but a vote is no proof, so nothing is taken. */
function dissent(context: Context, member: Member): void {
  member.standing = Standing.DISSENT;
  const node = getNode(context, member.node);
  if (node === undefined) return;
  node.jobsDissented += 1n;
  setNode(context, node);
}

function pay(context: Context, to: Uint8Array, amount: bigint): void {
  transferFeeCoin(context, MODULE_ACCOUNTS.escrow, to, amount);
}
