import { formatDecimal, parseAtomics } from '../decimal.ts';
import type { AminoJson } from './amino-json.ts';
import { type Codec, readCosmos } from './cosmos-wire.ts';

/** What a wallet that signs legacy amino JSON signs for a message. */
export interface AminoMessage {
  readonly type: string;
  readonly value: AminoJson;
}

/** From an encoded message of one type to what is signed. */
export interface AminoConverter {
  readonly typeUrl: string;
  convert(bytes: Uint8Array): AminoMessage;
}

/** The form of one of Cosmos' messages. */
export function cosmosAmino<M>(
  codec: Codec<M> & { readonly typeUrl: string },
  type: string,
  toValue: (message: M) => AminoJson,
): AminoConverter {
  const { typeUrl } = codec;
  return { typeUrl, convert: (bytes) => ({ type, value: toValue(readCosmos(codec, bytes)) }) };
}

export const aminoCoin = ({ denom, amount }: { denom: string; amount: string }): AminoJson => ({
  denom,
  amount,
});

/** A decimal in protobuf's form with its 18 places. */
export const aminoDecimal = (atomics: string): string =>
  formatDecimal(parseAtomics(atomics, 'decimal'));
