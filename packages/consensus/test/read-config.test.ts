import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { configToml } from '../src/cometbft/config.ts';
import { readNetworkConfig } from '../src/cometbft/read-config.ts';

function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'semblance-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'config.toml');
  writeFileSync(config, text);
  return readNetworkConfig({ config });
}

test('what was written is read', () => {
  const peers = [`${'a'.repeat(40)}@10.0.0.1:26656`, `${'b'.repeat(40)}@host:26666`];
  const text = configToml({ moniker: 'one', application: 'unix:///x', peers, blockMs: 750 });
  expect(read(text)).toEqual({ peers, blockMs: 750 });
});

test.each([
  ['1s', 1000],
  ['1.5s', 1500],
  ['0ms', undefined],
  ['1m', undefined],
  ['fast', undefined],
])('a time of %s between blocks', (text, blockMs) => {
  expect(read(`[consensus]\ntimeout_commit = "${text}"\n`)).toEqual({ peers: [], blockMs });
});

test('nothing of it need be there', () => {
  expect(read('')).toEqual({ peers: [], blockMs: undefined });
});
