import { InvalidInputError } from '@semblance/core/errors';
import type { Params } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import { type Decimal, ONE, parseAtomics } from '../../decimal.ts';
import { DAY, toDuration, toMs, YEAR } from '../../time.ts';

export interface StakingParams {
  readonly unbondingMs: bigint;
  /** How many validators make blocks: those with the most stake. */
  readonly maxValidators: number;
  /** Unbondings of one delegator from one validator, or redelegations between two, at one time. */
  readonly maxEntries: number;
  readonly minCommissionRate: Decimal;
}

/** Cosmos SDK's. */
export const DEFAULT_STAKING_PARAMS: StakingParams = {
  unbondingMs: 21n * DAY,
  maxValidators: 100,
  maxEntries: 7,
  minCommissionRate: 0n,
};

/** Throws InvalidInputError naming the parameter that is out of range. */
export function validateStakingParams(params: StakingParams, path: string): void {
  const check = (isRight: boolean, name: string, reason: string) => {
    if (!isRight) throw new InvalidInputError(`${path}.${name}`, reason);
  };
  const { unbondingMs, maxValidators, maxEntries, minCommissionRate } = params;
  check(unbondingMs >= 1n && unbondingMs <= YEAR, 'unbonding_time', 'not from 1 ms to a year');
  check(maxValidators >= 1 && maxValidators <= 1000, 'max_validators', 'not 1 to 1000');
  check(maxEntries >= 1 && maxEntries <= 100, 'max_entries', 'not 1 to 100');
  check(minCommissionRate <= ONE, 'min_commission_rate', 'above 1');
}

export function toStakingProto(params: StakingParams, bondDenom: string): Params {
  return {
    unbondingTime: toDuration(params.unbondingMs),
    maxValidators: params.maxValidators,
    maxEntries: params.maxEntries,
    historicalEntries: 0,
    bondDenom,
    minCommissionRate: params.minCommissionRate.toString(),
  };
}

/** Reads and checks the params. The coin that is staked is fixed by genesis. */
export function fromStakingProto(proto: Params, bondDenom: string, path: string): StakingParams {
  if (proto.bondDenom !== bondDenom) {
    throw new InvalidInputError(`${path}.bond_denom`, `cannot be other than ${bondDenom}`);
  }
  if (proto.historicalEntries !== 0) {
    throw new InvalidInputError(`${path}.historical_entries`, 'no history is kept');
  }
  const params = {
    unbondingMs: toMs(proto.unbondingTime),
    maxValidators: proto.maxValidators,
    maxEntries: proto.maxEntries,
    minCommissionRate: parseAtomics(proto.minCommissionRate, `${path}.min_commission_rate`),
  };
  validateStakingParams(params, path);
  return params;
}
