import { toJson } from '@bufbuild/protobuf';
import { InvalidInputError } from '@semblance/core/errors';
import { ParamsSchema } from '@semblance/proto/ml';
import type { ChainParams } from './chain-params.ts';
import { authParamsJson, parseAuthParams } from './modules/auth/params.ts';
import { distributionParamsJson, parseDistributionParams } from './modules/distribution/params.ts';
import { govParamsJson, parseGovParams } from './modules/gov/params.ts';
import { parseParams as parseMlParams } from './modules/ml/genesis.ts';
import { parseSlashingParams, slashingParamsJson } from './modules/slashing/params.ts';
import { parseStakingParams, stakingParamsJson } from './modules/staking/params.ts';

/** One parameter, as genesis names it and spells its value: `staking`, `max_validators`, `"50"`. */
interface Change {
  readonly subspace: string;
  readonly key: string;
  readonly value: string;
}

const MAX_VALUE_LENGTH = 200;

/**
 * The parameters with some of them changed, checked as those of a genesis are. Throws
 * InvalidInputError naming the one that is wrong.
 */
export function changeParams(params: ChainParams, changes: readonly Change[]): ChainParams {
  return changes.reduce(changeOne, params);
}

/** Throws InvalidInputError naming a parameter that no genesis could have. */
export function checkParams(params: ChainParams): void {
  parseAuthParams(authParamsJson(params));
  parseStakingParams(stakingParamsJson(params.staking));
  parseSlashingParams(slashingParamsJson(params.slashing));
  parseDistributionParams(distributionParamsJson(params.distribution));
  parseGovParams(govParamsJson(params.gov));
  parseMlParams(mlParamsJson(params));
}

/** With the zeros, or they would take their defaults. */
function mlParamsJson({ ml }: ChainParams): object {
  return toJson(ParamsSchema, ml, {
    useProtoFieldName: true,
    alwaysEmitImplicit: true,
  }) as object;
}

function changeOne(params: ChainParams, { subspace, key, value }: Change): ChainParams {
  const change = { [key]: parseValue(value, `${subspace}.params.${key}`) };
  switch (subspace) {
    case 'auth':
      return { ...params, ...parseAuthParams({ ...authParamsJson(params), ...change }, params) };
    case 'staking': {
      const staking = parseStakingParams({ ...stakingParamsJson(params.staking), ...change });
      return { ...params, staking };
    }
    case 'slashing': {
      const slashing = parseSlashingParams({ ...slashingParamsJson(params.slashing), ...change });
      return { ...params, slashing };
    }
    case 'distribution': {
      const before = distributionParamsJson(params.distribution);
      return { ...params, distribution: parseDistributionParams({ ...before, ...change }) };
    }
    case 'gov':
      return { ...params, gov: parseGovParams({ ...govParamsJson(params.gov), ...change }) };
    case 'ml': {
      const ml = parseMlParams({ ...mlParamsJson(params), ...change });
      if (ml.bondDenom === params.ml.bondDenom) return { ...params, ml };
      throw new InvalidInputError('ml.params.bond_denom', 'fixed by genesis');
    }
    default:
      throw new InvalidInputError('changes.subspace', 'not a module with parameters');
  }
}

/** JSON of a string or a number, as in genesis. */
function parseValue(text: string, path: string): string | number {
  if (text.length > MAX_VALUE_LENGTH) throw new InvalidInputError(path, 'too long');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(path, 'not JSON', { cause });
  }
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new InvalidInputError(path, 'neither a string nor a number');
}
