import { type Node, NodeStatus } from '@semblance/proto/ml';
import type { NodeView } from '../views.ts';

export interface NodeFacts {
  readonly isOnline: boolean;
  readonly earned: bigint;
  readonly balance: bigint;
}

export function nodeView(node: Node, { isOnline, earned, balance }: NodeFacts): NodeView {
  return {
    address: node.address,
    operator: node.operator,
    runtime: node.runtime,
    models: node.models,
    stake: node.stake,
    status: statusOf(node.status),
    jailed_until: Number(node.jailedUntil),
    endpoint: node.endpoint,
    online: isOnline,
    jobs_agreed: Number(node.jobsAgreed),
    jobs_dissented: Number(node.jobsDissented),
    jobs_missed: Number(node.jobsMissed),
    faults: Number(node.faults),
    earned: earned.toString(),
    balance: balance.toString(),
  };
}

function statusOf(status: NodeStatus): NodeView['status'] {
  if (status === NodeStatus.JAILED) return 'jailed';
  return status === NodeStatus.LEAVING ? 'leaving' : 'active';
}
