import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/* What a long run found, on which machine, by which command. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Begins a report of `npm run SCRIPT -- NAME`, of the code as it is now. What it returns writes
 * docs/reports/SCRIPT/NAME.json, and returns its path.
 */
export function startReport(
  script: string,
  name: string,
  args: readonly string[],
): (result: object) => string {
  const commit = git('rev-parse', '--short', 'HEAD');
  return (result) => {
    const folder = join(ROOT, 'docs', 'reports', script);
    mkdirSync(folder, { recursive: true });
    const report = {
      command: ['npm', 'run', script, '--', name, ...args].join(' '),
      commit,
      date: new Date().toISOString().slice(0, 10),
      machine: {
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: availableParallelism(),
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        system: `${type()} ${release()}`,
        node: process.version,
      },
      ...result,
    };
    const path = join(folder, `${name}.json`);
    writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`);
    return path;
  };
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
}
