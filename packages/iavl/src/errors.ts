import { SemblanceError } from '@semblance/core/errors';

/** What is saved is not a tree, or what is imported never was one. */
export class TreeError extends SemblanceError<
  /** A record is missing or does not decode. */
  | 'CORRUPT_TREE'
  /** A version does not follow the last one. */
  | 'WRONG_VERSION'
  /** A tree is built from keys that do not ascend. */
  | 'WRONG_ORDER'
  /** An exported sequence does not make a tree. */
  | 'INVALID_EXPORT'
> {}
