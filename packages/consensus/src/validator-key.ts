import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signWith,
} from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { concat, equals, fromHex, toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';

/** An ed25519 key that signs blocks. The secret stays inside; only `sign` uses it. */
export interface ValidatorKey {
  /** First 20 bytes of the public key's SHA-256. */
  readonly address: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signature of 64 bytes (RFC 8032). */
  sign(message: Uint8Array): Uint8Array;
}

const PUBLIC_TYPE = 'tendermint/PubKeyEd25519';
const PRIVATE_TYPE = 'tendermint/PrivKeyEd25519';

/** DER of a PKCS #8 ed25519 key up to its 32 secret bytes (RFC 8410). */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

/** Consensus address of an ed25519 public key. */
export function validatorAddress(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).subarray(0, 20);
}

/** A new random key that is nowhere on disk. */
export function generateValidatorKey(): ValidatorKey {
  return fromSeed(randomSeed());
}

/** Reads a file in the shape of CometBFT's `priv_validator_key.json`. */
export function readValidatorKey(path: string): ValidatorKey {
  return parseValidatorKey(readFileSync(path, 'utf8'));
}

/**
 * The key in the file at `path`; if there is none, a new one is written there, readable by the
 * owner only. Two processes that start at once end up with the same key.
 */
export function loadOrCreateValidatorKey(path: string): ValidatorKey {
  try {
    return readValidatorKey(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  writeOnce(path, formatValidatorKey(randomSeed()));
  return readValidatorKey(path);
}

/** Parses the text of a key file; its three parts must belong together. */
export function parseValidatorKey(text: string): ValidatorKey {
  const file = parseJson(text);
  const secret = keyBytes(file.priv_key, PRIVATE_TYPE, 'priv_key', 64);
  const publicKey = keyBytes(file.pub_key, PUBLIC_TYPE, 'pub_key', 32);
  const key = fromSeed(secret.subarray(0, 32));
  if (!equals(key.publicKey, publicKey) || !equals(key.publicKey, secret.subarray(32))) {
    throw new InvalidInputError('priv_key', 'does not belong to pub_key');
  }
  if (file.address !== toHex(key.address).toUpperCase()) {
    throw new InvalidInputError('address', 'does not belong to pub_key');
  }
  return key;
}

function formatValidatorKey(seed: Uint8Array): string {
  const { address, publicKey } = fromSeed(seed);
  const file = {
    address: toHex(address).toUpperCase(),
    pub_key: { type: PUBLIC_TYPE, value: Buffer.from(publicKey).toString('base64') },
    priv_key: {
      type: PRIVATE_TYPE,
      value: Buffer.from(concat(seed, publicKey)).toString('base64'),
    },
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function fromSeed(seed: Uint8Array): ValidatorKey {
  const key = createPrivateKey({
    key: Buffer.from(concat(PKCS8_PREFIX, seed)),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = publicKeyOf(key);
  return {
    address: validatorAddress(publicKey),
    publicKey,
    sign: (message) => new Uint8Array(signWith(null, message, key)),
  };
}

function publicKeyOf(key: KeyObject): Uint8Array {
  const { x } = key.export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x ?? '', 'base64url'));
}

function randomSeed(): Uint8Array {
  const { d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(d ?? '', 'base64url'));
}

/** Creates the file whole or not at all, and leaves one that is already there alone. */
function writeOnce(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`;
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
    linkSync(temporary, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    closeSync(file);
    rmSync(temporary);
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch (cause) {
    throw new InvalidInputError('validator key', 'not JSON', { cause });
  }
  throw new InvalidInputError('validator key', 'not a JSON object');
}

function keyBytes(value: unknown, type: string, field: string, length: number): Uint8Array {
  const key = value as { type?: unknown; value?: unknown } | null | undefined;
  if (key?.type !== type) throw new InvalidInputError(field, `type is not ${type}`);
  if (typeof key.value !== 'string') throw new InvalidInputError(field, 'no value');
  const bytes = new Uint8Array(Buffer.from(key.value, 'base64'));
  if (bytes.length !== length) throw new InvalidInputError(field, `not ${length} bytes long`);
  return bytes;
}
