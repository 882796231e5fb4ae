import type { ErrorKind } from '../../errors.ts';

const staking = (number: number, text: string): ErrorKind => ({
  codespace: 'staking',
  number,
  text,
});

/** Cosmos SDK's own codes (x/staking/types/errors), which wallets know by number. */
export const stakingErrors = {
  noValidator: staking(3, 'validator does not exist'),
  operatorExists: staking(
    4,
    'validator already exist for this operator address; must use new validator operator address',
  ),
  keyExists: staking(5, 'validator already exist for this pubkey; must use new validator pubkey'),
  validatorJailed: staking(7, 'validator for this address is currently jailed'),
  commissionChangedLately: staking(12, 'commission cannot be changed more than once in 24h'),
  commissionAboveMax: staking(11, 'commission cannot be more than the max rate'),
  commissionChangeTooBig: staking(15, 'commission cannot be changed more than max change rate'),
  selfDelegationTooLow: staking(
    16,
    "validator's self delegation must be greater than their minimum self delegation",
  ),
  minSelfDelegationDecreased: staking(17, 'minimum self delegation cannot be decrease'),
  noDelegation: staking(19, 'no delegation for (address, validator) tuple'),
  notEnoughShares: staking(24, 'not enough delegation shares'),
  noUnbonding: staking(26, 'no unbonding delegation found'),
  tooManyUnbondings: staking(
    27,
    'too many unbonding delegation entries for (delegator, validator) tuple',
  ),
  selfRedelegation: staking(29, 'cannot redelegate to the same validator'),
  tinyRedelegation: staking(30, 'too few tokens to redelegate (truncates to zero tokens)'),
  badDestination: staking(31, 'redelegation destination validator not found'),
  transitiveRedelegation: staking(
    32,
    'redelegation to this validator already in progress; first redelegation to this validator must complete before next redelegation',
  ),
  tooManyRedelegations: staking(
    33,
    'too many redelegation entries for (delegator, src-validator, dst-validator) tuple',
  ),
  noExchangeRate: staking(34, 'cannot delegate to validators with invalid (zero) ex-rate'),
  commissionBelowMin: staking(40, 'commission cannot be less than min rate'),
} as const;
