/** What an engine and its API need to know: they hold the validator's key, the application does not. */

export { makeExtension } from '@semblance/verification/vote-extension';
export { isCarrier } from './modules/beacon/carried.ts';
