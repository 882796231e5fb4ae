import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Key } from '@semblance/client/keys';
import { fromUtf8, toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { hasAccount, saveAccount } from './keystore.ts';

/*
 * API keys: who may spend from which custodial account. Only a key's SHA-256 is on disk; a key has
 * 256 random bits, so a plain hash cannot be searched.
 */

export interface ApiKey {
  /** Public name of the key, for listing and revoking. */
  readonly id: string;
  readonly account: string;
  /** Its last characters, to tell keys apart. */
  readonly hint: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** A fresh key; the secret is shown this once. */
export interface CreatedApiKey extends ApiKey {
  readonly secret: string;
}

export interface ApiKeys {
  /** The key that a secret belongs to, unless it was revoked. */
  find(secret: string): ApiKey | undefined;
  close(): void;
}

export interface ApiKeyFields {
  /** Account in the sequencer's keystore. */
  readonly account: string;
  /** Puts this chain key into the keystore under that name first. */
  readonly key?: Key;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS api_keys (
    id TEXT PRIMARY KEY,
    secret_sha256 TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    hint TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT;
`;

/**
 * Makes an API key for an account. A sequencer that is running accepts it at once.
 *
 * Throws InvalidInputError when there is no such account, or another one of that name.
 */
export async function createApiKey(
  home: string,
  { account, key }: ApiKeyFields,
): Promise<CreatedApiKey> {
  if (key) await saveAccount(home, account, key);
  else if (!hasAccount(home, account)) {
    throw new InvalidInputError('account', `no account "${account}" in the sequencer's keystore`);
  }
  const secret = `sem-${randomBytes(32).toString('base64url')}`;
  const created: ApiKey = {
    id: `key-${randomBytes(6).toString('hex')}`,
    account,
    hint: secret.slice(-4),
    createdAt: Date.now(),
    revokedAt: null,
  };
  using(home, (db) => {
    db.prepare('INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, NULL)').run(
      created.id,
      hashOf(secret),
      account,
      created.hint,
      created.createdAt,
    );
  });
  return { ...created, secret };
}

/** Every key ever made, oldest first. */
export function listApiKeys(home: string): ApiKey[] {
  return using(home, (db) =>
    (db.prepare('SELECT * FROM api_keys ORDER BY created_at, id').all() as unknown as Row[]).map(
      apiKey,
    ),
  );
}

/** From now on the key opens nothing. Throws InvalidInputError when there is no such key. */
export function revokeApiKey(home: string, id: string): void {
  const { changes } = using(home, (db) =>
    db
      .prepare('UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
      .run(Date.now(), id),
  );
  if (changes === 0) throw new InvalidInputError('id', `no key "${id}" that is not revoked`);
}

/** The keys as the server looks them up. */
export function openApiKeys(home: string): ApiKeys {
  const db = openDatabase(home);
  const bySecret = db.prepare(
    'SELECT * FROM api_keys WHERE secret_sha256 = ? AND revoked_at IS NULL',
  );
  return {
    find: (secret) => {
      const row = bySecret.get(hashOf(secret)) as Row | undefined;
      return row && apiKey(row);
    },
    close: () => db.close(),
  };
}

interface Row {
  id: string;
  account: string;
  hint: string;
  created_at: number;
  revoked_at: number | null;
}

function apiKey({ id, account, hint, created_at, revoked_at }: Row): ApiKey {
  return { id, account, hint, createdAt: created_at, revokedAt: revoked_at };
}

function hashOf(secret: string): string {
  return toHex(sha256(fromUtf8(secret)));
}

function using<T>(home: string, work: (db: DatabaseSync) => T): T {
  const db = openDatabase(home);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function openDatabase(home: string): DatabaseSync {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, 'api-keys.db');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec(SCHEMA);
  chmodSync(path, 0o600);
  return db;
}
