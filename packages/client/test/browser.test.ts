import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const ONLY_IN_NODE = ['keystore.ts'];

it('everything but the key files runs without Node', async () => {
  const needy: string[] = [];
  for (const name of await readdir(SRC)) {
    const source = await readFile(join(SRC, name), 'utf8');
    if (/from 'node:|\bBuffer\b|\bprocess\./.test(source)) needy.push(name);
  }
  expect(needy).toEqual(ONLY_IN_NODE);
});
