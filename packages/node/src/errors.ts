import { SemblanceError } from '@semblance/core/errors';

/** The node cannot work as it is set up; starting it again changes nothing. */
export class NodeSetupError extends SemblanceError<
  'MODEL_UNKNOWN' | 'MODEL_MISMATCH' | 'HOME_IN_USE' | 'NODE_TAKEN' | 'STAKE_TOO_SMALL'
> {}
