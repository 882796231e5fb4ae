import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, fromPrivateKey } from '../src/keys.ts';
import { readKeyFile, writeKeyFile } from '../src/keystore.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'semblance-keys-'));
});
afterAll(() => rm(home, { recursive: true }));

describe('key files', () => {
  it('keep a key for its owner alone and never overwrite one', async () => {
    const path = join(home, 'plain.json');
    const key = await createKey();
    await writeKeyFile(path, key);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readKeyFile(path)).address('sem')).toBe(key.address('sem'));
    await expect(writeKeyFile(path, await createKey())).rejects.toThrow(/EEXIST/);
  });

  it('seal a key under a password', async () => {
    const path = join(home, 'sealed.json');
    const key = fromPrivateKey(new Uint8Array(32).fill(7));
    await writeKeyFile(path, key, 'correct horse');
    expect(await readFile(path, 'utf8')).not.toContain('0707070707');
    expect((await readKeyFile(path, 'correct horse')).address('sem')).toBe(key.address('sem'));
    await expect(readKeyFile(path, 'wrong')).rejects.toThrow(InvalidInputError);
    await expect(readKeyFile(path)).rejects.toThrow(/encrypted/);
  });

  it('refuse files that others can read and files that are none', async () => {
    const open = join(home, 'open.json');
    await writeKeyFile(open, await createKey());
    await chmod(open, 0o644);
    await expect(readKeyFile(open)).rejects.toThrow(/chmod 600/);
    const garbage = join(home, 'garbage.json');
    await writeFile(garbage, 'my secret words', { mode: 0o600 });
    await expect(readKeyFile(garbage)).rejects.toThrow(InvalidInputError);
    await expect(readKeyFile(garbage)).rejects.not.toThrow(/secret/);
  });
});
