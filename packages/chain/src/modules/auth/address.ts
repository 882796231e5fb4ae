import { fromBech32, toBech32 } from '@semblance/core/bech32';
import { InvalidInputError } from '@semblance/core/errors';
import type { ChainParams } from '../../chain-params.ts';

type Prefix = Pick<ChainParams, 'bech32Prefix'>;

/** Account bytes of an address. Only its lower-case text is taken, so that one account has one. */
export function parseAddress({ bech32Prefix }: Prefix, text: string, field: string): Uint8Array {
  const address = fromBech32(bech32Prefix, text, field);
  if (text !== text.toLowerCase()) throw new InvalidInputError(field, 'not in lower case');
  return address;
}

export function formatAddress({ bech32Prefix }: Prefix, address: Uint8Array): string {
  return toBech32(bech32Prefix, address);
}
