import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Builds the consensus engine, CometBFT as it was released, from the version and the module sums
 * that tools/cometbft pins. Needs Go; takes some minutes the first time and a second afterwards.
 */

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pins = join(root, 'tools', 'cometbft');
const binary = join(root, '.engine', 'cometbft');
const PACKAGE = 'github.com/cometbft/cometbft/cmd/cometbft';

const version = /cometbft\/cometbft v(\S+)/.exec(readFileSync(join(pins, 'go.mod'), 'utf8'))?.[1];
process.exitCode = build();

function build(): number {
  mkdirSync(dirname(binary), { recursive: true });
  process.stderr.write(`Building CometBFT ${version} (the first time, some minutes) ...\n`);
  const args = ['build', '-mod=readonly', '-trimpath', '-o', binary, PACKAGE];
  const { status, error } = spawnSync('go', args, { cwd: pins, stdio: 'inherit' });
  if (error) return fail('Go was not found; install Go 1.24 or later (https://go.dev/dl)');
  if (status !== 0) return fail('the build failed; see the lines above');
  const built = spawnSync(binary, ['version'], { encoding: 'utf8' }).stdout?.trim();
  if (built !== version) return fail(`${binary} says it is ${built}, not ${version}`);
  process.stdout.write(`CometBFT ${version} is ready: ${binary}\n`);
  return 0;
}

function fail(reason: string): number {
  process.stderr.write(`semblance: ${reason}\n`);
  return 1;
}
