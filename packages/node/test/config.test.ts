import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileNamed } from '@semblance/inference/profiles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'semblance-config-'));
});
afterAll(() => rm(home, { recursive: true }));

describe('readConfig', () => {
  it('lays flags over the file over defaults that are valid', async () => {
    const path = join(home, 'config.json');
    await writeFile(path, JSON.stringify({ home, port: 1, stake: '5', models: ['a', 'b'] }));
    const config = await readConfig(['--config', path, '--port', '2', '--top-up', 'true']);
    expect(config).toMatchObject({
      home,
      keyFile: join(home, 'key.json'),
      port: 2,
      stake: 5n,
      models: ['a', 'b'],
      topUp: true,
      unjail: true,
      adversary: 'honest',
    });
    expect(profileNamed(config.profile).backend).toBe('native');
  });

  it.each([
    [[], /^home: /],
    [['--home', 'h', '--port', '65536'], /^port: /],
    [['--home', 'h', '--port', 'NaN'], /^port: /],
    [['--home', 'h', '--stake', '-1'], /^arguments: |^stake: /],
    [['--home', 'h', '--rpc-url', 'file:///etc/passwd'], /^rpcUrl: /],
    [['--home', 'h', '--adversary', 'constructor'], /^adversary: /],
    [['--home', 'h', '--unjail', 'maybe'], /^unjail: /],
    [['--nonsense', 'x'], /^arguments: /],
    [['--config', '/nowhere.json'], /^config: /],
  ])('names what is wrong in %j', async (args, message) => {
    await expect(readConfig(args)).rejects.toThrow(message);
  });

  it('refuses fields that it does not know', async () => {
    const path = join(home, 'typo.json');
    await writeFile(path, JSON.stringify({ home, prot: 1 }));
    await expect(readConfig(['--config', path])).rejects.toThrow('config.prot');
  });
});
