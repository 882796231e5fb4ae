import { sha256 } from '@semblance/core/sha256';
import { type Conduct, honest } from './conduct.ts';

/** Commits twice, to keep a choice open until the others have revealed. */
export const equivocate: Conduct = {
  ...honest,
  name: 'equivocate',
  rivalCommitments: (commitment) => [sha256(commitment)],
};
