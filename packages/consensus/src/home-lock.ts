import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConsensusError } from './errors.ts';

/**
 * Takes the home directory for this process alone: two producers on one home would make two
 * histories. An SQLite lock is the operating system's, so that it is gone when the process is,
 * however it ended. Returns the function that gives it back.
 */
export function lockHome(home: string): () => void {
  const database = new DatabaseSync(join(home, 'lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new ConsensusError('HOME_IN_USE', `${home} is in use`, { home }, { cause });
  }
  return () => database.close();
}
