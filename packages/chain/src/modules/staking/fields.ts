import { fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import type { Description } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import type { ChainParams } from '../../chain-params.ts';
import { type CoinText, parseAmount } from '../bank/coin.ts';

/*
 * Checks of single fields, shared by the messages and genesis. Each throws InvalidInputError with
 * the field's name in the .proto.
 */

/** A positive amount of the coin that is staked. */
export function parseStake(
  { ml }: ChainParams,
  { denom, amount }: CoinText,
  field: string,
): bigint {
  if (denom !== ml.bondDenom) {
    throw new InvalidInputError(
      `${field}.denom`,
      `invalid coin denomination, expected ${ml.bondDenom}`,
    );
  }
  const parsed = parseAmount(amount, `${field}.amount`);
  if (parsed === 0n) throw new InvalidInputError(`${field}.amount`, 'not positive');
  return parsed;
}

/** Cosmos SDK's bounds, in bytes. */
const DESCRIPTION_LIMITS: readonly (readonly [keyof Description, number])[] = [
  ['moniker', 70],
  ['identity', 3000],
  ['website', 140],
  ['securityContact', 140],
  ['details', 280],
];

export function checkDescription(description: Description, field: string): void {
  for (const [name, limit] of DESCRIPTION_LIMITS) {
    const text = description[name];
    const bytes = fromUtf8(text).length;
    if (bytes > limit) {
      throw new InvalidInputError(`${field}.${name}`, `${bytes} bytes, at most ${limit}`);
    }
    if (!text.isWellFormed()) throw new InvalidInputError(`${field}.${name}`, 'not valid UTF-8');
  }
}

/** A validator's own promise: some stake, in base units. */
export function parseMinSelfDelegation(text: string, field: string): bigint {
  const amount = parseAmount(text, field);
  if (amount === 0n) throw new InvalidInputError(field, 'not positive');
  return amount;
}
