import type { ErrorKind } from '../../errors.ts';

const distribution = (number: number, text: string): ErrorKind => ({
  codespace: 'distribution',
  number,
  text,
});

/** Cosmos SDK's own codes (x/distribution/types/errors). */
export const distributionErrors = {
  noDelegation: distribution(5, 'delegation does not exist'),
  noCommission: distribution(6, 'no validator commission to withdraw'),
  noValidator: distribution(12, 'validator does not exist'),
} as const;
