// Runs a TypeScript entry with the Node this repository pins, installing what is missing first.
// Plain JavaScript on purpose: it is all that a host's older Node has to understand.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [entry, ...args] = process.argv.slice(2);

installIfStale();
const child = spawn(
  pinnedNode(),
  ['--disable-warning=ExperimentalWarning', join(root, entry), ...args],
  {
    stdio: 'inherit',
    // Compiled code is kept: every process of a network starts in half the time.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'), ...process.env },
  },
);
// The child decides when it is done. A terminal's Ctrl-C reaches it twice, from the terminal and from here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) =>
  process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)),
);

function installIfStale() {
  const stamp = join(root, 'node_modules', '.semblance-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing dependencies (the first time, about a minute) ...\n');
  // Not `npm ci`: it empties node_modules whenever the lock file has changed.
  npm('install', '--no-save', '--loglevel=error');
  // .npmrc keeps every package's scripts from running; `node` alone needs its own.
  npm('rebuild', 'node', '--ignore-scripts=false', '--loglevel=error');
  writeFileSync(stamp, lock);
}

function npm(...args) {
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`npm ${args[0]} failed; see the lines above`);
}

function pinnedNode() {
  const bundled = join(root, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(bundled)) return bundled;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(`Node ${process.versions.node} is too old: 22.18 or later is needed`);
}

function fail(reason) {
  process.stderr.write(`semblance: ${reason}\n`);
  process.exit(1);
}
