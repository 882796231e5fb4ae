import type { Reader } from './overlay.ts';

/** State before genesis. */
export const EMPTY_READER: Reader = {
  get: () => undefined,
  range: () => [],
  rangeReverse: () => [],
};
