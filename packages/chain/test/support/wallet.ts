import { toBech32 } from '@semblance/core/bech32';
import { fromUtf8 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import secp256k1 from 'secp256k1/bindings.js';
import { addressOf } from '../../src/modules/auth/secp256k1.ts';

/** A key with its address. Equal names give equal keys. */
export interface Wallet {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly bytes: Uint8Array;
  readonly address: string;
}

export function wallet(name: string): Wallet {
  const privateKey = sha256(fromUtf8(`semblance test wallet ${name}`));
  const publicKey = secp256k1.publicKeyCreate(privateKey);
  const bytes = addressOf(publicKey);
  return { privateKey, publicKey, bytes, address: toBech32('sem', bytes) };
}

/** r and s of the SHA-256 of `message`, 64 bytes, with a low s. */
export function sign({ privateKey }: Wallet, message: Uint8Array): Uint8Array {
  return secp256k1.ecdsaSign(sha256(message), privateKey).signature;
}
