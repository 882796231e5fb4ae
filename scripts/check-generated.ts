import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KERNELS_FILE, kernelsModule } from './build-kernels.ts';
import { OPENAPI_FILE, openApiText } from './build-openapi.ts';

/* Every generated file that is committed must be what its pinned generator makes of it today. */

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

report(staleMessages(), 'npx buf generate');
report(await staleKernels(), 'node_modules/.bin/node scripts/build-kernels.ts');
report(staleOpenApi(), 'node_modules/.bin/node scripts/build-openapi.ts');

function report(stale: readonly string[], cure: string): void {
  if (stale.length === 0) return;
  for (const file of stale) process.stderr.write(`out of date: ${file}\n`);
  process.stderr.write(`run: ${cure}\n`);
  process.exitCode = 1;
}

function staleMessages(): string[] {
  const committed = join(root, 'packages/proto/src/gen');
  const fresh = mkdtempSync(join(tmpdir(), 'semblance-proto-'));
  try {
    const template = {
      version: 'v2',
      plugins: [
        { local: 'protoc-gen-es', out: fresh, opt: ['target=js+dts', 'import_extension=js'] },
      ],
    };
    const buf = join(root, 'node_modules/.bin/buf');
    execFileSync(buf, ['generate', '--template', JSON.stringify(template)], { cwd: root });
    const stale = files(fresh).filter((file) => !same(join(fresh, file), join(committed, file)));
    const extra = files(committed).filter((file) => !files(fresh).includes(file));
    return [...stale, ...extra];
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

async function staleKernels(): Promise<string[]> {
  return readFileSync(KERNELS_FILE, 'utf8') === (await kernelsModule()) ? [] : [KERNELS_FILE];
}

function staleOpenApi(): string[] {
  return readFileSync(OPENAPI_FILE, 'utf8') === openApiText() ? [] : [OPENAPI_FILE];
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function same(a: string, b: string): boolean {
  try {
    return readFileSync(a).equals(readFileSync(b));
  } catch {
    return false;
  }
}
