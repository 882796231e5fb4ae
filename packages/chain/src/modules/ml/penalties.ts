import { toHex } from '@semblance/core/bytes';
import { type Member, type Node, NodeStatus, Standing } from '@semblance/proto/ml';
import type { Context } from '../../context.ts';
import { event } from '../../events.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { transferFeeCoin } from '../bank/keeper.ts';
import { hasDuty, removeDuty } from './duties.ts';
import type { JobRecord } from './jobs.ts';
import { getNode, setNode } from './nodes.ts';

/** A member did not commit or reveal in time: a small penalty and jail, never a slash. */
export function punishMiss(
  context: Context,
  record: JobRecord,
  member: Member,
  standing: Standing.LATE | Standing.WITHHELD,
): void {
  removeDuty(context, record, member.node);
  member.standing = standing;
  const node = getNode(context, member.node);
  if (node === undefined) return;
  node.jobsMissed += 1n;
  takeStake(context, node, context.params.ml.missPenaltyBp);
  jail(context, node, standing === Standing.LATE ? 'late' : 'withheld');
  setNode(context, node);
}

/** A fault that anybody can check from what stands on chain: the stake is slashed. */
export function punishFault(
  context: Context,
  record: JobRecord,
  member: Member,
  reason: string,
): void {
  if (hasDuty(member)) removeDuty(context, record, member.node);
  member.standing = Standing.FAULT;
  member.fault = reason;
  const attributes = { job_id: toHex(record.job.id), node: member.node, reason };
  context.events.push(event('fault', attributes));
  const node = getNode(context, member.node);
  if (node === undefined) return;
  node.faults += 1n;
  takeStake(context, node, context.params.ml.faultSlashBp);
  setNode(context, node);
}

/** Moves basis points of a node's stake to the community pool. */
function takeStake(context: Context, node: Node, basisPoints: number): void {
  const stake = BigInt(node.stake);
  const taken = (stake * BigInt(basisPoints)) / 10_000n;
  node.stake = (stake - taken).toString();
  transferFeeCoin(context, MODULE_ACCOUNTS.stakes, MODULE_ACCOUNTS.communityPool, taken);
}

/** Keeps a node out of the draws for a while. One that is leaving is out of them already. */
function jail({ block, params, events }: Context, node: Node, reason: string): void {
  if (node.status === NodeStatus.LEAVING) return;
  node.status = NodeStatus.JAILED;
  node.jailedUntil = block.timeMs + params.ml.jailMs;
  events.push(event('node_jailed', { node: node.address, reason }));
}
