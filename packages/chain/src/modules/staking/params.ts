import { InvalidInputError } from '@semblance/core/errors';
import type { Params } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import { type Decimal, formatDecimal, ONE, parseDecimal } from '../../decimal.ts';
import { readObject, readString, readUint64 } from '../../genesis-json.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import { DAY, toDuration, YEAR } from '../../time.ts';

export interface StakingParams {
  readonly unbondingMs: bigint;
  /** How many validators make blocks: those with the most stake. */
  readonly maxValidators: number;
  /** Unbondings of one delegator from one validator, or redelegations between two, at one time. */
  readonly maxEntries: number;
  readonly minCommissionRate: Decimal;
}

/** In genesis and in proposals. */
export interface StakingParamsJson {
  readonly unbonding_ms?: string;
  readonly max_validators?: string;
  readonly max_entries?: string;
  /** A part of 1, as `0.05`. */
  readonly min_commission_rate?: string;
}

/** Cosmos SDK's. */
const DEFAULTS: StakingParams = {
  unbondingMs: 21n * DAY,
  maxValidators: 100,
  maxEntries: 7,
  minCommissionRate: 0n,
};

/** Lays JSON over the defaults. Throws InvalidInputError naming the parameter that is wrong. */
export function parseStakingParams(value: unknown): StakingParams {
  const path = 'staking.params';
  const names = ['unbonding_ms', 'max_validators', 'max_entries', 'min_commission_rate'];
  const json = readObject(value ?? {}, path, names);
  const uint = (name: string, otherwise: bigint, most: bigint) => {
    const read = readUint64(json[name], `${path}.${name}`, otherwise);
    if (read >= 1n && read <= most) return read;
    throw new InvalidInputError(`${path}.${name}`, `not 1 to ${most}`);
  };
  const rate = readString(json.min_commission_rate ?? '0', `${path}.min_commission_rate`);
  const minCommissionRate = parseDecimal(rate, `${path}.min_commission_rate`);
  if (minCommissionRate > ONE) {
    throw new InvalidInputError(`${path}.min_commission_rate`, 'above 1');
  }
  return {
    unbondingMs: uint('unbonding_ms', DEFAULTS.unbondingMs, YEAR),
    maxValidators: Number(uint('max_validators', BigInt(DEFAULTS.maxValidators), 1000n)),
    maxEntries: Number(uint('max_entries', BigInt(DEFAULTS.maxEntries), 100n)),
    minCommissionRate,
  };
}

export function stakingParamsJson(params: StakingParams): StakingParamsJson {
  return {
    unbonding_ms: params.unbondingMs.toString(),
    max_validators: params.maxValidators.toString(),
    max_entries: params.maxEntries.toString(),
    min_commission_rate: formatDecimal(params.minCommissionRate),
  };
}

export function encodeStakingParams(params: StakingParams): Uint8Array {
  const { unbondingMs, maxValidators, maxEntries, minCommissionRate } = params;
  return encodeIntegers(unbondingMs, BigInt(maxValidators), BigInt(maxEntries), minCommissionRate);
}

export function decodeStakingParams(bytes: Uint8Array): StakingParams {
  const integers = decodeIntegers(bytes);
  const [unbondingMs = 0n, maxValidators = 0n, maxEntries = 0n, minCommissionRate = 0n] = integers;
  return {
    unbondingMs,
    maxValidators: Number(maxValidators),
    maxEntries: Number(maxEntries),
    minCommissionRate,
  };
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
