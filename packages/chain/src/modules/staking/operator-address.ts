import { fromBech32, toBech32 } from '@semblance/core/bech32';
import { InvalidInputError } from '@semblance/core/errors';
import type { ChainParams } from '../../chain-params.ts';
import { formatAddress, parseAddress } from '../auth/address.ts';

/*
 * A validator is named by the account that operates it, spelt with a prefix of its own: the
 * account `sem1...` operates the validator `semvaloper1...`.
 */

type Prefix = Pick<ChainParams, 'bech32Prefix'>;

const SUFFIX = 'valoper';
const ofOperators = ({ bech32Prefix }: Prefix): Prefix => ({
  bech32Prefix: `${bech32Prefix}${SUFFIX}`,
});

/** Account bytes of a validator's operator. */
export function parseOperator(params: Prefix, text: string, field: string): Uint8Array {
  return parseAddress(ofOperators(params), text, field);
}

export function formatOperator(params: Prefix, operator: Uint8Array): string {
  return formatAddress(ofOperators(params), operator);
}

/** The operator's account as text, for whoever must sign. What is no operator stays as it is. */
export function signerOf(operator: string): string {
  const prefix = operator.slice(0, operator.lastIndexOf('1'));
  if (!prefix.endsWith(SUFFIX)) return operator;
  try {
    return toBech32(prefix.slice(0, -SUFFIX.length), fromBech32(prefix, operator));
  } catch (error) {
    if (error instanceof InvalidInputError) return operator;
    throw error;
  }
}
