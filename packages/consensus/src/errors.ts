import { SemblanceError } from '@semblance/core/errors';

/**
 * Failures of the block producer. All of them stop it: what is on disk, the genesis and the
 * application do not fit together, and going on would make a second history.
 */
export type ConsensusErrorCode =
  | 'HOME_IN_USE'
  | 'GENESIS_MISMATCH'
  | 'NOT_THE_VALIDATOR'
  | 'APP_AHEAD'
  | 'APP_HASH_MISMATCH'
  | 'BLOCK_STORE_CORRUPT'
  | 'BLOCK_FAILED';

export class ConsensusError extends SemblanceError<ConsensusErrorCode> {}
