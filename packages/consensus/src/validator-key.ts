import { readFileSync } from 'node:fs';
import { makeExtension } from '@semblance/chain/vote-extension';
import { equals, toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { addressOf, type Ed25519Key, ed25519Key, randomSeed } from './ed25519.ts';
import {
  parseKeyFile,
  privateKeyJson,
  publicKeyJson,
  readOrCreate,
  readPublicKey,
  readSeed,
} from './key-file.ts';

/** An ed25519 key that signs blocks. */
export interface ValidatorKey extends Ed25519Key {
  /** First 20 bytes of the public key's SHA-256. */
  readonly address: Uint8Array;
  /** What it adds to its vote, if the application asks for a proof about this input. */
  extension(input: Uint8Array): Uint8Array;
}

/** Consensus address of an ed25519 public key. */
export function validatorAddress(publicKey: Uint8Array): Uint8Array {
  return addressOf(publicKey);
}

/** A new random key that is nowhere on disk. */
export function generateValidatorKey(): ValidatorKey {
  return fromSeed(randomSeed());
}

/** Reads a file in the shape of CometBFT's `priv_validator_key.json`. */
export function readValidatorKey(path: string): ValidatorKey {
  return parseValidatorKey(readFileSync(path, 'utf8'));
}

/** The key in the file at `path`, which is made if there is none. */
export function loadOrCreateValidatorKey(path: string): ValidatorKey {
  return parseValidatorKey(readOrCreate(path, keyFile));
}

/** Parses the text of a key file; its three parts must belong together. */
export function parseValidatorKey(text: string): ValidatorKey {
  const file = parseKeyFile(text, 'validator key');
  const key = fromSeed(readSeed(file.priv_key));
  if (!equals(key.publicKey, readPublicKey(file.pub_key))) {
    throw new InvalidInputError('priv_key', 'does not belong to pub_key');
  }
  if (file.address !== toHex(key.address).toUpperCase()) {
    throw new InvalidInputError('address', 'does not belong to pub_key');
  }
  return key;
}

function keyFile(seed: Uint8Array): object {
  const { address, publicKey } = fromSeed(seed);
  return {
    address: toHex(address).toUpperCase(),
    pub_key: publicKeyJson(publicKey),
    priv_key: privateKeyJson(seed),
  };
}

function fromSeed(seed: Uint8Array): ValidatorKey {
  const key = ed25519Key(seed);
  return {
    ...key,
    address: addressOf(key.publicKey),
    extension: (input) => makeExtension(seed, input),
  };
}
