import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/* The committed protobuf code must be what the pinned generator makes of proto/ today. */

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
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
  for (const file of [...stale, ...extra]) process.stderr.write(`out of date: ${file}\n`);
  if (stale.length + extra.length > 0) {
    process.stderr.write('run: npx buf generate\n');
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
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
