import { readFile, stat } from 'node:fs/promises';
import { EXIT } from './exit-codes.ts';
import { CommandError } from './failure.ts';

const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Reads a whole file of at most 64 MiB. @throws CommandError naming the file. */
export async function readBounded(path: string): Promise<Buffer> {
  try {
    // A device or a pipe says that it holds nothing, and need not end.
    const found = await stat(path);
    if (!found.isFile())
      throw new CommandError('FILE', `${path}: unreadable, not a file`, EXIT.unreachable);
    if (found.size <= MAX_FILE_BYTES) return await readFile(path);
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'unreadable';
    throw new CommandError('FILE', `${path}: ${reason}`, EXIT.unreachable, { cause });
  }
  throw new CommandError('FILE_TOO_LARGE', `${path}: larger than 64 MiB`, EXIT.usage);
}
