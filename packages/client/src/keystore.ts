import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { fromHex, fromUtf8, toHex, toUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { fromMnemonic, fromPrivateKey, type Key } from './keys.ts';

/*
 * A key in a file, readable by its owner alone. With a password the secret is sealed by
 * AES-256-GCM under scrypt (N=2^15, r=8, p=1: about 32 MB and a tenth of a second).
 */

const FORMAT = 'semblance/key/v1';
const MAX_FILE_BYTES = 16_384;
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

interface Secret {
  readonly mnemonic?: string;
  readonly privateKey?: string;
}

interface Sealed {
  readonly salt: string;
  readonly nonce: string;
  readonly tag: string;
  readonly text: string;
}

interface KeyFile extends Secret {
  readonly format: typeof FORMAT;
  readonly sealed?: Sealed;
}

/** Writes a key to a new file with mode 0600. An existing file is never overwritten. */
export async function writeKeyFile(path: string, key: Key, password?: string): Promise<void> {
  const mnemonic = key.mnemonic();
  const secret: Secret = mnemonic ? { mnemonic } : { privateKey: toHex(key.privateKey()) };
  const content: KeyFile =
    password === undefined
      ? { format: FORMAT, ...secret }
      : { format: FORMAT, sealed: await seal(JSON.stringify(secret), password) };
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Reads a key file. Throws InvalidInputError naming what is wrong, never quoting the content. */
export async function readKeyFile(path: string, password?: string): Promise<Key> {
  const { mode, size } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new InvalidInputError('keyFile', `${path} can be read by others: run chmod 600 on it`);
  }
  if (size > MAX_FILE_BYTES) throw new InvalidInputError('keyFile', `${path} is no key file`);
  const content = parse(await readFile(path, 'utf8'), path);
  const secret = content.sealed ? await unsealed(content.sealed, path, password) : content;
  if (typeof secret.mnemonic === 'string') return fromMnemonic(secret.mnemonic);
  if (typeof secret.privateKey === 'string') {
    return fromPrivateKey(fromHex(secret.privateKey, 'keyFile'));
  }
  throw new InvalidInputError('keyFile', `${path} holds no key`);
}

function parse(text: string, path: string): KeyFile {
  try {
    const content = JSON.parse(text) as KeyFile;
    if (content.format === FORMAT) return content;
  } catch {
    // Said below, without the parser's excerpt of the file.
  }
  throw new InvalidInputError('keyFile', `${path} is no ${FORMAT} file`);
}

async function unsealed(
  sealed: Sealed,
  path: string,
  password: string | undefined,
): Promise<Secret> {
  if (password === undefined) {
    throw new InvalidInputError('password', `${path} is encrypted and needs one`);
  }
  try {
    return JSON.parse(await unseal(sealed, password)) as Secret;
  } catch {
    throw new InvalidInputError('password', `does not open ${path}`);
  }
}

async function seal(text: string, password: string): Promise<Sealed> {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await derive(password, salt), nonce);
  const sealed = Buffer.concat([cipher.update(fromUtf8(text)), cipher.final()]);
  return {
    salt: toHex(salt),
    nonce: toHex(nonce),
    tag: toHex(cipher.getAuthTag()),
    text: toHex(sealed),
  };
}

async function unseal({ salt, nonce, tag, text }: Sealed, password: string): Promise<string> {
  const key = await derive(password, fromHex(salt));
  const decipher = createDecipheriv('aes-256-gcm', key, fromHex(nonce), { authTagLength: 16 });
  decipher.setAuthTag(fromHex(tag));
  return toUtf8(Buffer.concat([decipher.update(fromHex(text)), decipher.final()]));
}

function derive(password: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, 32, SCRYPT, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
