/** The part of verification that an engine needs: it holds the validator's key, the application does not. */
export { makeExtension } from '@semblance/verification/vote-extension';
