import { type Job, type Member, Standing } from '@semblance/proto/ml';
import { RefusedError } from '../../errors.ts';
import { mlErrors } from './errors.ts';

/** The member that is this node. Refuses when the node is not of the committee or is out already. */
export function requireMember({ members }: Job, node: string): Member {
  const member = members.find((member) => member.node === node);
  if (member === undefined) throw new RefusedError(mlErrors.notMember, `node: ${node}`);
  if (member.standing !== Standing.UNSPECIFIED) {
    throw new RefusedError(mlErrors.alreadyDone, `node: ${node} is out of this job`);
  }
  return member;
}
