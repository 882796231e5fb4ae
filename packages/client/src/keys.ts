import {
  Bip39,
  EnglishMnemonic,
  ripemd160,
  Secp256k1,
  Slip10,
  Slip10Curve,
  stringToPath,
} from '@cosmjs/crypto';
import { toBech32 } from '@semblance/core/bech32';
import { concat } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import type { Signer } from './signer.ts';

/** BIP-44 path of the first account, coin type 118. */
export const HD_PATH = "m/44'/118'/0'/0/0";

/** A secp256k1 key. The secrets are reachable only through calls, so that printing a key shows none. */
export interface Key {
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array;
  /** RIPEMD-160 of SHA-256 of the public key, 20 bytes. */
  readonly addressBytes: Uint8Array;
  address(prefix: string): string;
  /** Signs SHA-256 of the message: r || s, 64 bytes, low s, deterministic (RFC 6979). */
  sign(message: Uint8Array): Uint8Array;
  /** A signer of transactions under a bech32 prefix. */
  signer(prefix: string): Signer;
  /** 32 bytes. */
  privateKey(): Uint8Array;
  /** The words the key came from, when it came from words. */
  mnemonic(): string | undefined;
}

/** A new key from fresh entropy: 12 words (128 bits) or 24 (256 bits). */
export function createKey(words: 12 | 24 = 12): Promise<Key> {
  const entropy = crypto.getRandomValues(new Uint8Array(words === 12 ? 16 : 32));
  return fromMnemonic(Bip39.encode(entropy).toString());
}

/** Key of a BIP-39 mnemonic at {@link HD_PATH} or another path. Throws InvalidInputError. */
export async function fromMnemonic(mnemonic: string, path: string = HD_PATH): Promise<Key> {
  const words = parseMnemonic(mnemonic);
  const seed = await Bip39.mnemonicToSeed(words);
  const { privkey } = Slip10.derivePath(Slip10Curve.Secp256k1, seed, stringToPath(path));
  return makeKey(privkey, words.toString());
}

/** Key of 32 private bytes. Throws InvalidInputError when they are no valid scalar. */
export function fromPrivateKey(privateKey: Uint8Array): Key {
  return makeKey(privateKey, undefined);
}

function parseMnemonic(mnemonic: string): EnglishMnemonic {
  try {
    return new EnglishMnemonic(mnemonic.trim().split(/\s+/).join(' '));
  } catch {
    // The cause may quote the words, so it is dropped.
    throw new InvalidInputError('mnemonic', 'not a valid BIP-39 English mnemonic');
  }
}

function makeKey(privateKey: Uint8Array, mnemonic: string | undefined): Key {
  const secret = Uint8Array.from(privateKey);
  const publicKey = publicKeyOf(secret);
  const addressBytes = ripemd160(sha256(publicKey));
  const sign = (message: Uint8Array): Uint8Array => {
    const signature = Secp256k1.createSignature(sha256(message), secret);
    return concat(signature.r(32), signature.s(32));
  };
  const address = (prefix: string): string => toBech32(prefix, addressBytes);
  return {
    publicKey,
    addressBytes,
    address,
    sign,
    signer: (prefix) => ({
      address: address(prefix),
      publicKey,
      sign: async (doc) => ({ ...doc, signature: sign(doc.signBytes) }),
    }),
    privateKey: () => Uint8Array.from(secret),
    mnemonic: () => mnemonic,
  };
}

function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  try {
    return Secp256k1.compressPubkey(Secp256k1.makeKeypair(privateKey).pubkey);
  } catch {
    throw new InvalidInputError('privateKey', 'not a secp256k1 private key of 32 bytes');
  }
}
