import type { ErrorKind } from '../../errors.ts';

const slashing = (number: number, text: string): ErrorKind => ({
  codespace: 'slashing',
  number,
  text,
});

/** Cosmos SDK's own codes (x/slashing/types/errors). */
export const slashingErrors = {
  noValidator: slashing(3, 'address is not associated with any known validator'),
  stillJailed: slashing(4, 'validator still jailed; cannot be unjailed'),
  notJailed: slashing(5, 'validator not jailed; cannot be unjailed'),
  noSelfDelegation: slashing(6, 'validator has no self-delegation; cannot be unjailed'),
  selfDelegationTooLow: slashing(
    7,
    "validator's self delegation less than minimum; cannot be unjailed",
  ),
} as const;
