import { InvalidInputError } from '@semblance/core/errors';
import type { ChainParams } from '../../chain-params.ts';
import { readObject, readString } from '../../genesis-json.ts';
import { parseAmount } from '../bank/coin.ts';

type AuthParams = Pick<ChainParams, 'bech32Prefix' | 'minGasPriceMilli'>;

export interface AuthParamsJson {
  readonly bech32_prefix: string;
  /** Thousandths of the fee coin's base unit for one gas. */
  readonly min_gas_price_milli: string;
}

/** Throws InvalidInputError naming the parameter that is wrong, or other than it was `before`. */
export function parseAuthParams(value: unknown, before?: AuthParams): AuthParams {
  const params = readObject(value, 'auth.params', ['bech32_prefix', 'min_gas_price_milli']);
  const bech32Prefix = readString(params.bech32_prefix, 'auth.params.bech32_prefix');
  if (!/^[a-z]{1,20}$/.test(bech32Prefix)) {
    throw new InvalidInputError('auth.params.bech32_prefix', 'not 1 to 20 lower-case letters');
  }
  if (before !== undefined && bech32Prefix !== before.bech32Prefix) {
    throw new InvalidInputError('auth.params.bech32_prefix', 'fixed by genesis');
  }
  const path = 'auth.params.min_gas_price_milli';
  return {
    bech32Prefix,
    minGasPriceMilli: parseAmount(readString(params.min_gas_price_milli, path), path),
  };
}

export function authParamsJson({ bech32Prefix, minGasPriceMilli }: AuthParams): AuthParamsJson {
  return { bech32_prefix: bech32Prefix, min_gas_price_milli: minGasPriceMilli.toString() };
}
