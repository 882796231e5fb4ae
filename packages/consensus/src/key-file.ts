import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { concat, equals } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { ed25519Key, randomSeed } from './ed25519.ts';

/* CometBFT's JSON files of ed25519 keys: `priv_validator_key.json` and `node_key.json`. */

export const PUBLIC_TYPE = 'tendermint/PubKeyEd25519';
const PRIVATE_TYPE = 'tendermint/PrivKeyEd25519';

/**
 * The text of the file at `path`; if there is none, what `create` makes of a new secret is written
 * there, readable by the owner only. Two processes that start at once end up with the same file.
 */
export function readOrCreate(path: string, create: (seed: Uint8Array) => object): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  writeOnce(path, `${JSON.stringify(create(randomSeed()), undefined, 2)}\n`);
  return readFileSync(path, 'utf8');
}

/** Secret and public key, 64 bytes, as these files hold them. */
export function privateKeyJson(seed: Uint8Array) {
  return { type: PRIVATE_TYPE, value: base64(concat(seed, ed25519Key(seed).publicKey)) };
}

export function publicKeyJson(publicKey: Uint8Array) {
  return { type: PUBLIC_TYPE, value: base64(publicKey) };
}

/** The seed in a file's `priv_key`, whose two halves must belong together. */
export function readSeed(value: unknown): Uint8Array {
  const secret = keyBytes(value, PRIVATE_TYPE, 'priv_key', 64);
  const seed = secret.subarray(0, 32);
  if (!equals(ed25519Key(seed).publicKey, secret.subarray(32))) {
    throw new InvalidInputError('priv_key', 'does not belong to its public key');
  }
  return seed;
}

export function readPublicKey(value: unknown): Uint8Array {
  return keyBytes(value, PUBLIC_TYPE, 'pub_key', 32);
}

/** `name` says which file is wrong. */
export function parseKeyFile(text: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch (cause) {
    throw new InvalidInputError(name, 'not JSON', { cause });
  }
  throw new InvalidInputError(name, 'not a JSON object');
}

function keyBytes(value: unknown, type: string, field: string, length: number): Uint8Array {
  const key = value as { type?: unknown; value?: unknown } | null | undefined;
  if (key?.type !== type) throw new InvalidInputError(field, `type is not ${type}`);
  if (typeof key.value !== 'string') throw new InvalidInputError(field, 'no value');
  const bytes = new Uint8Array(Buffer.from(key.value, 'base64'));
  if (bytes.length !== length) throw new InvalidInputError(field, `not ${length} bytes long`);
  return bytes;
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

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
