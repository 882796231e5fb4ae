import { SemblanceError } from '@semblance/core/errors';

/** What an engine sent makes no sense. Its connection is closed. */
export class AbciError extends SemblanceError<
  'BAD_FRAME' | 'FRAME_TOO_LARGE' | 'BAD_REQUEST' | 'UNKNOWN_REQUEST'
> {}
