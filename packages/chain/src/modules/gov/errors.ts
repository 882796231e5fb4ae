import type { ErrorKind } from '../../errors.ts';

const gov = (number: number, text: string): ErrorKind => ({ codespace: 'gov', number, text });

/** Cosmos SDK's own codes (x/gov/types/errors). */
export const govErrors = {
  noProposal: gov(2, 'unknown proposal'),
  inactiveProposal: gov(3, 'inactive proposal'),
  invalidContent: gov(5, 'invalid proposal content'),
  noHandler: gov(9, 'no handler exists for proposal type'),
} as const;
