import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidatorHome } from './home.ts';

/*
 * An engine that lost its application ends by itself, nearly always: CometBFT has been seen to stay, doing
 * nothing. Whoever starts the validator again holds the application's lock, so that an engine of the
 * home that is still there is nobody's.
 */

const pidFile = ({ home }: ValidatorHome) => join(home, 'engine.pid');

export function rememberEngine(paths: ValidatorHome, pid: number | undefined): void {
  if (pid !== undefined) writeFileSync(pidFile(paths), `${pid}\n`, { mode: 0o600 });
}

/** Kills the engine that was last started for this home, if it is there; says whether it was. */
export function endOrphan(paths: ValidatorHome): boolean {
  const pid = readPid(paths);
  if (pid === undefined || !isEngineOf(paths, pid)) return false;
  process.kill(pid, 'SIGKILL');
  rmSync(pidFile(paths), { force: true });
  return true;
}

function readPid(paths: ValidatorHome): number | undefined {
  const text = read(pidFile(paths));
  return /^[1-9]\d{0,9}\n$/.test(text) ? Number(text) : undefined;
}

/** A number may have been given to another process since: it must have been started over this home. */
function isEngineOf({ home }: ValidatorHome, pid: number): boolean {
  const words = read(`/proc/${pid}/cmdline`).split('\0');
  return words[words.indexOf('--home') + 1] === home && words.includes('--proxy_app');
}

/** Empty if it is not there, as on a system without /proc. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
