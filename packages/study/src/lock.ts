import { DatabaseSync } from 'node:sqlite';
import { SemblanceError } from '@semblance/core/errors';
import { WriteError } from './disk.ts';

class InUseError extends SemblanceError<'IN_USE', { path: string }> {
  constructor(path: string, options?: { cause?: unknown }) {
    super('IN_USE', `${path}: another process is writing it`, { path }, options);
  }
}

/**
 * Takes what `path` names for this process alone, by a lock file, and returns the function that
 * gives it back. The lock is the operating system's, through SQLite, so it is gone when the process
 * is, however it ended.
 */
export function lock(path: string, file: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    const locked = database;
    return () => locked.close();
  } catch (cause) {
    database?.close();
    if (!/locked/.test((cause as Error).message)) throw new WriteError(path, cause);
    throw new InUseError(path, { cause });
  }
}
