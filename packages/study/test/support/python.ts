import { spawnSync } from 'node:child_process';

const python = process.env.PYTHON ?? 'python3';

/** Why tests that need Python are left out, or false. */
export const withoutPython =
  spawnSync(python, ['-c', 'import tarfile']).status !== 0 && `no ${python} here`;

/** What a program prints. Throws what it wrote to standard error when it fails. */
export function runPython(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(python, ['-c', program, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
