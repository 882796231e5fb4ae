import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import {
  type Job,
  JobPhase,
  type Member,
  MsgRevealResponseSchema,
  MsgRevealSchema,
} from '@semblance/proto/ml';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { parseAddress } from '../../auth/address.ts';
import { removeDuty } from '../duties.ts';
import { mlErrors } from '../errors.ts';
import { checkLength } from '../fields.ts';
import { requestOf, requireJob } from '../jobs.ts';
import { requireMember } from '../members.ts';
import { punishFault } from '../penalties.ts';
import { advance } from '../phases/advance.ts';
import { openReveal } from '../reveal/open.ts';
import { mlMessage } from './message.ts';

/** Above the depth of any tree that a trajectory of 1000 steps has. */
const MAX_PATH = 32;

export const reveal = mlMessage({
  schema: MsgRevealSchema,
  response: MsgRevealResponseSchema,
  signer: ({ node }) => node,
  gas: ({ file }) => 50_000n + 3n * BigInt(file.length),

  validate({ node, jobId, salt, trajectoryRoot, filePath }, params) {
    parseAddress(params, node, 'node');
    checkLength(jobId, 32, 'job_id');
    checkLength(salt, 32, 'salt');
    checkLength(trajectoryRoot, 32, 'trajectory_root');
    if (filePath.length > MAX_PATH) throw new InvalidInputError('file_path', 'too long');
    for (const hash of filePath) checkLength(hash, 32, 'file_path');
  },

  /** What is wrong in a reveal proves a fault; the transaction itself then stands. */
  handle(context, message) {
    const { node, jobId } = message;
    const record = requireJob(context.state, jobId);
    const member = requireRevealer(record.job, node);
    const { maxFileBytes } = context.params.ml;
    const address = parseAddress(context.params, node, 'node');
    const opened = openReveal(message, {
      address,
      commitment: member.commitment,
      request: requestOf(record.job),
      maxFileBytes,
    });
    if ('fault' in opened) {
      punishFault(context, record, member, opened.fault);
    } else {
      removeDuty(context, record, node);
      Object.assign(member, opened);
      const file_sha256 = toHex(opened.fileSha256);
      context.events.push(event('job_revealed', { job_id: toHex(jobId), node, file_sha256 }));
    }
    advance(context, record);
    return { fault: member.fault };
  },
});

function requireRevealer(job: Job, node: string): Member {
  if (job.phase !== JobPhase.REVEAL) {
    throw new RefusedError(mlErrors.wrongPhase, 'job_id: reveals are not open');
  }
  const member = requireMember(job, node);
  if (member.fileSha256.length > 0) {
    throw new RefusedError(mlErrors.alreadyDone, `node: ${node} has revealed`);
  }
  return member;
}
