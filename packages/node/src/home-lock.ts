import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { NodeSetupError } from './errors.ts';

/**
 * Takes the home directory for this process alone: two daemons with one key would commit twice
 * differently and be slashed. The lock is the operating system's, through SQLite, so it is gone
 * when the process is, however it ended. Returns the function that gives it back.
 */
export function lockHome(home: string): () => void {
  const database = new DatabaseSync(join(home, 'lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new NodeSetupError('HOME_IN_USE', `${home} is used by another node`, { home, cause });
  }
  return () => database.close();
}
