import { existsSync, statSync } from 'node:fs';
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT } from './exit-codes.ts';
import { CommandError } from './failure.ts';

/** Finds out whether a file can be written there, before anything is spent on it. */
export async function makeFolderOf(out: string): Promise<void> {
  if (existsSync(out) && statSync(out).isDirectory()) throw cannotWrite(out, { code: 'EISDIR' });
  try {
    await mkdir(dirname(out), { recursive: true });
    await access(dirname(out), constants.W_OK);
  } catch (cause) {
    throw cannotWrite(out, cause);
  }
}

/** Writes what `--out` asks for. @throws CommandError naming the file when it cannot be. */
export async function writeOutput(out: string, content: Uint8Array | string): Promise<void> {
  await makeFolderOf(out);
  await writeFile(out, content).catch((cause) => {
    throw cannotWrite(out, cause);
  });
}

function cannotWrite(out: string, cause: unknown): CommandError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  const message = `--out: cannot write ${out} (${reason})`;
  return new CommandError('CANNOT_WRITE', message, EXIT.usage, { cause });
}
