import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/* Everything that has to hold before a change lands, in the order of what is cheapest to learn. */

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const checks: readonly { name: string; command: readonly string[] }[] = [
  { name: 'format', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'types (page)', command: ['tsc', '--noEmit', '-p', 'apps/playground/tsconfig.json'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'generated files', command: ['node', 'scripts/check-generated.ts'] },
  { name: 'page builds', command: ['vite', 'build', 'apps/playground', '--logLevel', 'warn'] },
  { name: 'tests', command: ['vitest', 'run'] },
];

const results = checks.map(({ name, command }) => ({ name, ...run(name, command) }));

process.stdout.write('\n');
for (const { name, passed, seconds } of results) {
  process.stdout.write(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)\n`);
}
const failed = results.filter((result) => !result.passed).length;
process.stdout.write(`\nchecks: ${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function run(name: string, [tool = '', ...args]: readonly string[]) {
  process.stdout.write(`\n--- ${name}\n`);
  const started = performance.now();
  const bin = join(root, 'node_modules', '.bin', tool);
  const { status } = spawnSync(bin, args, { cwd: root, stdio: 'inherit', env: withBin() });
  return { passed: status === 0, seconds: (performance.now() - started) / 1000 };
}

/** The pinned Node comes first, for tools that look it up on the path. */
function withBin(): NodeJS.ProcessEnv {
  const bin = join(root, 'node_modules', '.bin');
  return { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` };
}
