import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a Python program printed, or why there is nothing. */
export type PythonAnswer<Result> =
  | { readonly ran: true; readonly result: Result }
  | { readonly ran: false; readonly reason: string };

const LIMIT_MS = 120_000;
const MISSING_MODULE = 3;

/**
 * Runs a program of this folder with the PYTHON of the environment, or python3. It prints one JSON
 * value, or ends with status 3 where a module that it needs is not installed.
 */
export function runPython<Result>(file: string, args: readonly string[]): PythonAnswer<Result> {
  const python = process.env.PYTHON ?? 'python3';
  const program = fileURLToPath(new URL(file, import.meta.url));
  const { error, status, stdout, stderr } = spawnSync(python, [program, ...args], {
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  if (error) return { ran: false, reason: `${python}: ${(error as NodeJS.ErrnoException).code}` };
  if (status === 0) return { ran: true, result: JSON.parse(stdout) as Result };
  const reason = stderr.trim().split('\n').at(-1) ?? '';
  return { ran: false, reason: status === MISSING_MODULE ? reason : `${python} failed: ${reason}` };
}
