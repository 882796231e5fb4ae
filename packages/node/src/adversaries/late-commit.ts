import { type Conduct, honest } from './conduct.ts';

/** Does the work and commits after the deadline. */
export const lateCommit: Conduct = {
  ...honest,
  name: 'late-commit',
  commitNotBefore: (job) => Number(job.commitDeadline) + 1,
};
