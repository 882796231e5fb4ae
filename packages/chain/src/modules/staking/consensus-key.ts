import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { PubKey } from 'cosmjs-types/cosmos/crypto/ed25519/keys';
import type { Any } from 'cosmjs-types/google/protobuf/any';
import type { ChainParams } from '../../chain-params.ts';
import { encodeCosmos } from '../../tx/cosmos-wire.ts';
import { decodeCosmos } from '../../tx/strict.ts';
import { formatAddress, parseAddress } from '../auth/address.ts';

/** The key with which a validator signs blocks: ed25519, the one kind that the engine takes. */
export function decodeConsensusKey({ typeUrl, value }: Any, field: string): Uint8Array {
  if (typeUrl !== PubKey.typeUrl) throw new InvalidInputError(field, 'not an ed25519 key');
  const { key } = decodeCosmos(PubKey, value, field);
  if (key.length !== 32) throw new InvalidInputError(field, `${key.length} bytes, not 32`);
  return key;
}

export function encodeConsensusKey(key: Uint8Array): Any {
  return { typeUrl: PubKey.typeUrl, value: encodeCosmos(PubKey, { key }) };
}

/** How the engine names a validator: the first 20 bytes of its key's SHA-256. */
export function consensusAddress(key: Uint8Array): Uint8Array {
  return sha256(key).slice(0, 20);
}

type Prefix = Pick<ChainParams, 'bech32Prefix'>;

const ofConsensus = ({ bech32Prefix }: Prefix): Prefix => ({
  bech32Prefix: `${bech32Prefix}valcons`,
});

export function parseConsensusAddress(params: Prefix, text: string, field: string): Uint8Array {
  return parseAddress(ofConsensus(params), text, field);
}

export function formatConsensusAddress(params: Prefix, address: Uint8Array): string {
  return formatAddress(ofConsensus(params), address);
}
