import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signWith,
} from 'node:crypto';
import { concat, fromHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

/** The secret stays inside; only `sign` uses it. */
export interface Ed25519Key {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signature of 64 bytes (RFC 8032). */
  sign(message: Uint8Array): Uint8Array;
}

/** DER of a PKCS #8 ed25519 key up to its 32 secret bytes (RFC 8410). */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

export function ed25519Key(seed: Uint8Array): Ed25519Key {
  const key = createPrivateKey({
    key: Buffer.from(concat(PKCS8_PREFIX, seed)),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    publicKey: publicKeyOf(key),
    sign: (message) => new Uint8Array(signWith(null, message, key)),
  };
}

/** 32 secret bytes. */
export function randomSeed(): Uint8Array {
  const { d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(d ?? '', 'base64url'));
}

/** CometBFT's address of a public key: the first 20 bytes of its SHA-256. */
export function addressOf(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).subarray(0, 20);
}

function publicKeyOf(key: KeyObject): Uint8Array {
  const { x } = key.export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x ?? '', 'base64url'));
}
