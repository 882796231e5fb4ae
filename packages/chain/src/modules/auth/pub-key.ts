import { PubKey } from 'cosmjs-types/cosmos/crypto/secp256k1/keys';
import type { Any } from 'cosmjs-types/google/protobuf/any';
import { RefusedError, sdkErrors } from '../../errors.ts';
import { decodeCosmos } from '../../tx/strict.ts';
import { isPublicKey } from './secp256k1.ts';

/** The 33 bytes of a secp256k1 key, the one kind of key that accounts have. */
export function decodePubKey({ typeUrl, value }: Any): Uint8Array {
  if (typeUrl !== PubKey.typeUrl) {
    throw new RefusedError(sdkErrors.invalidPubKey, 'pubkey: not a secp256k1 key');
  }
  const { key } = decodeCosmos(PubKey, value, 'PubKey');
  if (!isPublicKey(key)) {
    throw new RefusedError(sdkErrors.invalidPubKey, 'pubkey: not a point of the curve');
  }
  return key;
}

export function encodePubKey(key: Uint8Array): Any {
  return { typeUrl: PubKey.typeUrl, value: PubKey.encode({ key }).finish() };
}
