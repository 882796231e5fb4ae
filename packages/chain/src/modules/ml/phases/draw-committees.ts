import { create } from '@bufbuild/protobuf';
import { toHex } from '@semblance/core/bytes';
import { MemberSchema, type Node, NodeStatus, Verdict } from '@semblance/proto/ml';
import { type Candidate, committeeSeed, drawCommittee } from '@semblance/verification/draw';
import type { Context } from '../../../context.ts';
import { enqueue } from '../../../due-queue.ts';
import { takeQueuedForDraw } from '../draw-queue.ts';
import { addDuty } from '../duties.ts';
import { indexedJob, type JobRecord, requestOf, setJob } from '../jobs.ts';
import { allNodes } from '../nodes.ts';
import { COMMIT_QUEUE } from '../queues.ts';
import { closeWithRefund } from './close.ts';

/** Gives every job submitted in the block before its committee, from a beacon that came after it. */
export function drawCommittees(context: Context, beacon: Uint8Array): void {
  const queued = takeQueuedForDraw(context.state);
  if (queued.length === 0) return;
  const eligible = allNodes(context.state).filter((node) => isEligible(context, node));
  for (const id of queued) draw(context, indexedJob(context.state, id), eligible, beacon);
}

function isEligible({ params }: Context, { status, stake }: Node): boolean {
  return status === NodeStatus.ACTIVE && BigInt(stake) >= BigInt(params.ml.minNodeStake);
}

function draw(
  context: Context,
  record: JobRecord,
  eligible: readonly Node[],
  beacon: Uint8Array,
): void {
  const { job } = record;
  const { requester, model, committeeSize } = requestOf(job);
  const candidates = eligible
    .filter((node) => node.models.includes(model))
    .filter((node) => node.address !== requester && node.operator !== requester)
    .map(toCandidate);
  const drawn = drawCommittee(candidates, committeeSize, committeeSeed(beacon, job.id));
  if (drawn === undefined) {
    closeWithRefund(context, record, Verdict.NO_NODES);
    return;
  }
  job.members = drawn.map((node) => create(MemberSchema, { node }));
  for (const node of drawn) addDuty(context, record, node);
  enqueue(context.state, COMMIT_QUEUE, job.commitDeadline, job.id);
  setJob(context.state, record);
  const members = drawn.map((node) => ({ key: 'node', value: node }));
  context.events.push({
    type: 'job_assigned',
    attributes: [{ key: 'job_id', value: toHex(job.id) }, ...members],
  });
}

const toCandidate = ({ address, operator, stake }: Node): Candidate => ({
  id: address,
  operator,
  weight: BigInt(stake),
});
