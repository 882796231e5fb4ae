import { PubKey } from 'cosmjs-types/cosmos/crypto/secp256k1/keys';
import type { Any } from 'cosmjs-types/google/protobuf/any';
import { RefusedError, sdkErrors } from '../../errors.ts';
import { decodeCosmos } from '../../tx/strict.ts';

/** The bytes of a secp256k1 key, the one kind of key that accounts have. They may be no point yet. */
export function decodePubKey({ typeUrl, value }: Any): Uint8Array {
  if (typeUrl !== PubKey.typeUrl) {
    throw new RefusedError(sdkErrors.invalidPubKey, 'pubkey: not a secp256k1 key');
  }
  return decodeCosmos(PubKey, value, 'PubKey').key;
}

export function encodePubKey(key: Uint8Array): Any {
  return { typeUrl: PubKey.typeUrl, value: PubKey.encode({ key }).finish() };
}
