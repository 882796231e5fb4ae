import { equals, toHex } from '@semblance/core/bytes';
import { JobPhase, MsgCommitResponseSchema, MsgCommitSchema } from '@semblance/proto/ml';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { parseAddress } from '../../auth/address.ts';
import { mlErrors } from '../errors.ts';
import { checkLength } from '../fields.ts';
import { requireJob } from '../jobs.ts';
import { requireMember } from '../members.ts';
import { punishFault } from '../penalties.ts';
import { advance } from '../phases/advance.ts';
import { mlMessage } from './message.ts';

export const commit = mlMessage({
  schema: MsgCommitSchema,
  response: MsgCommitResponseSchema,
  signer: ({ node }) => node,
  gas: () => 30_000n,

  validate({ node, jobId, commitment }, params) {
    parseAddress(params, node, 'node');
    checkLength(jobId, 32, 'job_id');
    checkLength(commitment, 32, 'commitment');
  },

  /** A second commitment that differs proves equivocation, for as long as the job is open. */
  handle(context, { node, jobId, commitment }) {
    const record = requireJob(context.state, jobId);
    const { job } = record;
    if (job.phase === JobPhase.SETTLED) {
      throw new RefusedError(mlErrors.wrongPhase, 'job_id: the job is settled');
    }
    const member = requireMember(job, node);
    if (member.commitment.length > 0) {
      if (equals(member.commitment, commitment)) {
        throw new RefusedError(mlErrors.alreadyDone, `node: ${node} has committed`);
      }
      punishFault(context, record, member, 'equivocation');
    } else if (job.phase === JobPhase.COMMIT) {
      member.commitment = commitment;
      context.events.push(event('job_committed', { job_id: toHex(jobId), node }));
    } else {
      throw new RefusedError(mlErrors.wrongPhase, 'job_id: commitments are closed');
    }
    advance(context, record);
    return {};
  },
});
