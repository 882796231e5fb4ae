import { type Conduct, honest } from './conduct.ts';

/** The chain closes commitments at the end of the first block after the deadline. */
const BLOCKS_MS = 2_500;

/** Does the work and commits after the deadline. */
export const lateCommit: Conduct = {
  ...honest,
  name: 'late-commit',
  commitNotBefore: (job) => Number(job.commitDeadline) + BLOCKS_MS,
};
