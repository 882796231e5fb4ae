import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SemblanceError } from '@semblance/core/errors';

/** A file or folder could not be written; what was written before is still there. */
export class WriteError extends SemblanceError<
  'DISK_FULL' | 'CANNOT_WRITE',
  { path: string; reason: string }
> {
  constructor(path: string, cause: unknown) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const isFull = reason === 'ENOSPC' || reason === 'EDQUOT';
    const message = isFull
      ? `${path}: no space left on the disk; what is finished is kept, and the same command goes on from there`
      : `${path}: cannot be written (${reason})`;
    super(isFull ? 'DISK_FULL' : 'CANNOT_WRITE', message, { path, reason }, { cause });
  }
}

/** What `write` gives. @throws WriteError naming `path` where the file system refuses */
export async function writing<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    const isRefusal = cause instanceof Error && 'syscall' in cause;
    throw isRefusal ? new WriteError(path, cause) : cause;
  }
}

/** Makes names in a folder, as by a rename, survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // it has no handle for folders
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Writes a file that appears under its name only when it is whole and on the disk. */
export async function writeAtOnce(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  const unfinished = `${path}.unfinished`;
  try {
    await writing(path, async () => {
      const file = await open(unfinished, 'w');
      try {
        for (const part of parts) await file.writeFile(part);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
      await syncFolder(dirname(path));
    });
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
