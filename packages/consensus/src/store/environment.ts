import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';

export type BytesDatabase = Database<Buffer, Uint8Array>;
export type BytesEnvironment = RootDatabase<Buffer, Uint8Array>;

/**
 * Opens an LMDB environment of binary keys and values in which a finished transaction is on the
 * disk: `overlappingSync` would give that up for speed that a block a turn cannot use.
 */
export function openEnvironment(path: string): BytesEnvironment {
  mkdirSync(path, { recursive: true });
  return open({
    path,
    keyEncoding: 'binary',
    encoding: 'binary',
    cache: false,
    overlappingSync: false,
  });
}

/** Named databases inside an environment: one transaction may write several of them. */
export function openDatabase(environment: BytesEnvironment, name: string): BytesDatabase {
  return environment.openDB<Buffer, Uint8Array>({
    name,
    keyEncoding: 'binary',
    encoding: 'binary',
    cache: false,
  });
}
