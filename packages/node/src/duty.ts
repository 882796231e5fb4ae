import { toHex } from '@semblance/core/bytes';
import { type Job, JobPhase, type Member, Standing } from '@semblance/proto/ml';

/** What a node has to do next for a job. */
export type Duty = 'run' | 'commit' | 'reveal' | 'wait' | 'lost' | 'none';

/**
 * Decides from the chain's view of a job and from what is on disk, nothing else, so that a node
 * that was killed goes on as if nothing had happened.
 *
 * @param saved commitment of the run saved for the job, if there is one
 */
export function nextDuty(job: Job, node: string, saved: Uint8Array | undefined): Duty {
  const member = memberOf(job, node);
  if (!member || member.standing !== Standing.UNSPECIFIED) return 'none';
  const committed = member.commitment.length > 0;
  switch (job.phase) {
    case JobPhase.COMMIT:
      if (committed) return 'wait';
      return saved ? 'commit' : 'run';
    case JobPhase.REVEAL:
      if (!committed || member.fileSha256.length > 0) return 'none';
      return saved && toHex(saved) === toHex(member.commitment) ? 'reveal' : 'lost';
    case JobPhase.SETTLED:
    case JobPhase.UNSPECIFIED:
      return 'none';
  }
}

export function memberOf(job: Job, node: string): Member | undefined {
  return job.members.find((member) => member.node === node);
}
