import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Key } from '@semblance/client/keys';
import { readKeyFile, writeKeyFile } from '@semblance/client/keystore';
import type { Signer } from '@semblance/client/signer';
import { equals } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';

/** Name of the account behind the public local key. */
export const LOCAL_ACCOUNT = 'local';

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

function accountPath(home: string, name: string): string {
  if (!NAME.test(name) || name === LOCAL_ACCOUNT) {
    throw new InvalidInputError(
      'account',
      'not 1 to 63 lower-case letters, digits, dashes or underscores, or the reserved "local"',
    );
  }
  return join(home, 'accounts', `${name}.json`);
}

export function hasAccount(home: string, name: string): boolean {
  return existsSync(accountPath(home, name));
}

/** Keeps a key as `home`/accounts/`name`.json, mode 0600. The same key again changes nothing. */
export async function saveAccount(home: string, name: string, key: Key): Promise<void> {
  const path = accountPath(home, name);
  await mkdir(join(home, 'accounts'), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) return writeKeyFile(path, key);
  const present = await readKeyFile(path);
  if (!equals(present.publicKey, key.publicKey)) {
    throw new InvalidInputError('account', `"${name}" is another key`);
  }
}

/** The custodial accounts that jobs are signed with. */
export interface Accounts {
  /** Throws InvalidInputError when there is no such account. */
  signer(name: string): Promise<Signer>;
}

export interface AccountsOptions {
  readonly home: string;
  /** bech32 prefix of the chain's addresses. */
  readonly prefix: string;
  /** Key file behind the public local key. */
  readonly localKeyFile: string | undefined;
}

export function createAccounts({ home, prefix, localKeyFile }: AccountsOptions): Accounts {
  const loaded = new Map<string, Promise<Signer>>();
  const load = async (name: string): Promise<Signer> => {
    const path = name === LOCAL_ACCOUNT ? localKeyFile : accountPath(home, name);
    if (path === undefined || !existsSync(path)) {
      throw new InvalidInputError('account', `no account "${name}" in the sequencer's keystore`);
    }
    return (await readKeyFile(path)).signer(prefix);
  };
  return {
    signer: (name) => {
      const known = loaded.get(name);
      if (known) return known;
      const signer = load(name);
      loaded.set(name, signer);
      signer.catch(() => loaded.delete(name));
      return signer;
    },
  };
}
