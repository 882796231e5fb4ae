import { SemblanceError } from '@semblance/core/errors';

/**
 * Failures of what orders the transactions. All of them stop it: what is on disk, the genesis, the
 * engine and the application do not fit together, and going on could make a second history.
 */
export type ConsensusErrorCode =
  | 'HOME_IN_USE'
  | 'GENESIS_MISMATCH'
  | 'NOT_THE_VALIDATOR'
  | 'APP_AHEAD'
  | 'APP_HASH_MISMATCH'
  | 'BLOCK_STORE_CORRUPT'
  | 'BLOCK_FAILED'
  | 'NO_STATE'
  | 'STATE_TOO_LARGE'
  | 'ENGINE_MISSING'
  | 'ENGINE_UNFIT'
  | 'ENGINE_ENDED';

export class ConsensusError extends SemblanceError<ConsensusErrorCode> {}
