import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { InvalidInputError } from '@semblance/core/errors';
import type { ChainParams } from '../../chain-params.ts';
import type { Context } from '../../context.ts';
import { type Decimal, parseDecimal } from '../../decimal.ts';
import { at, readList, readObject, readString } from '../../genesis-json.ts';
import { parseAddress } from '../auth/address.ts';
import { createAccountIfMissing } from '../auth/keeper.ts';
import { isModuleAccount, MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { parseAmount } from '../bank/coin.ts';
import { mint } from '../bank/keeper.ts';
import { parseMinSelfDelegation } from './fields.ts';
import {
  beginValidator,
  checkNewValidator,
  type NewValidator,
} from './messages/create-validator.ts';
import type { StakingParamsJson } from './params.ts';

/** Left-out params take their defaults. */
export interface StakingGenesisJson {
  readonly params?: StakingParamsJson;
  readonly validators?: readonly GenesisValidatorJson[];
}

export interface GenesisValidatorJson {
  /** Account that operates the validator. */
  readonly operator: string;
  /** ed25519, 32 bytes in base64. */
  readonly consensus_pubkey: string;
  readonly moniker: string;
  /** Base units, on top of the account's balance. */
  readonly self_delegation: string;
  /** Parts of 1. Without it the validator takes nothing from its delegators. */
  readonly commission?: {
    readonly rate: string;
    readonly max_rate: string;
    readonly max_change_rate: string;
  };
  readonly min_self_delegation?: string;
}

/** The validators of a genesis, checked but for what only state can tell. */
export function parseGenesisValidators(value: unknown, params: ChainParams): NewValidator[] {
  return readList(value, 'staking.validators').map((json, i) => {
    const path = `staking.validators[${i}]`;
    const validator = parseGenesisValidator(json, path, params);
    at(path, () => checkNewValidator(params, validator));
    return validator;
  });
}

/** Begins the validators. Their stakes come on top of the balances that genesis gives out. */
export function writeGenesisValidators(
  context: Context,
  validators: readonly NewValidator[],
): void {
  const { state, params } = context;
  for (const [i, validator] of validators.entries()) {
    const amount = validator.selfDelegation;
    createAccountIfMissing(state, validator.operator);
    createAccountIfMissing(state, MODULE_ACCOUNTS.notBonded);
    mint(state, MODULE_ACCOUNTS.notBonded, { denom: params.ml.bondDenom, amount });
    at(`staking.validators[${i}]`, () => beginValidator(context, validator));
  }
}

function parseGenesisValidator(value: unknown, path: string, params: ChainParams): NewValidator {
  const json = readObject(value, path, [
    'operator',
    'consensus_pubkey',
    'moniker',
    'self_delegation',
    'commission',
    'min_self_delegation',
  ]);
  const operator = parseAddress(
    params,
    readString(json.operator, `${path}.operator`),
    `${path}.operator`,
  );
  if (isModuleAccount(operator)) {
    throw new InvalidInputError(`${path}.operator`, 'belongs to a module');
  }
  return {
    operator,
    publicKey: parseKey(json.consensus_pubkey, `${path}.consensus_pubkey`),
    description: {
      moniker: readString(json.moniker, `${path}.moniker`),
      identity: '',
      website: '',
      securityContact: '',
      details: '',
    },
    commission: parseCommission(json.commission, `${path}.commission`),
    minSelfDelegation: parseMinSelfDelegation(
      readString(json.min_self_delegation ?? '1', `${path}.min_self_delegation`),
      `${path}.min_self_delegation`,
    ),
    selfDelegation: parseAmount(
      readString(json.self_delegation, `${path}.self_delegation`),
      `${path}.self_delegation`,
    ),
  };
}

function parseCommission(value: unknown, path: string): NewValidator['commission'] {
  const json = readObject(value ?? {}, path, ['rate', 'max_rate', 'max_change_rate']);
  return {
    rate: readRate(json.rate, `${path}.rate`, 0n),
    maxRate: readRate(json.max_rate, `${path}.max_rate`, 0n),
    maxChangeRate: readRate(json.max_change_rate, `${path}.max_change_rate`, 0n),
  };
}

function readRate(value: unknown, path: string, otherwise: Decimal): Decimal {
  return value === undefined ? otherwise : parseDecimal(readString(value, path), path);
}

function parseKey(value: unknown, path: string): Uint8Array {
  const text = readString(value, path);
  const isBase64 = /^[A-Za-z0-9+/]{43}=$/.test(text);
  const key = isBase64 ? base64Decode(text) : new Uint8Array();
  if (key.length !== 32 || base64Encode(key) !== text) {
    throw new InvalidInputError(path, 'not 32 bytes in base64');
  }
  return key;
}
