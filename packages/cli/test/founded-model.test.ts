import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '@semblance/inference/manifest';
import { expect, onTestFinished, test } from 'vitest';
import { semblance } from '../../../test/e2e/semblance.ts';
import { embeddedModel } from '../src/embedded-model.ts';
import { foundNetwork } from '../src/network/found.ts';
import { foundedModel } from '../src/network/founded-model.ts';
import { layout } from '../src/network/layout.ts';

async function founded(weightsRoot?: string) {
  const home = mkdtempSync(join(tmpdir(), 'semblance-founded-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const manifest = await readManifest(embeddedModel('emoji-64'));
  const model = { ...manifest, weightsRoot: weightsRoot ?? manifest.weightsRoot };
  const paths = layout(home);
  const founding = { chainId: 'test-1', nodes: 1, model, timeMs: 1n };
  await foundNetwork(paths, founding);
  return { paths, founding };
}

test('a network that is there keeps its genesis and the model that it was founded with', async () => {
  const { paths, founding } = await founded();
  const before = readFileSync(paths.genesis);
  expect(foundedModel(paths)).toEqual({ id: 'emoji-64', weightsRoot: founding.model.weightsRoot });
  await foundNetwork(paths, { ...founding, timeMs: 2n });
  expect(readFileSync(paths.genesis).equals(before)).toBe(true);
});

test.each([
  [
    'another model',
    undefined,
    ['--model', 'emoji-128'],
    /^semblance: --model: .* founded with emoji-64; /,
  ],
  [
    'other weights',
    'ab'.repeat(32),
    [],
    /^semblance: --home: .* with other weights of emoji-64 than are here; /,
  ],
] as const)('up with %s says so in one line', async (_, weightsRoot, options, line) => {
  const { paths } = await founded(weightsRoot);
  const { code, stderr } = await semblance('up', '--home', paths.home, ...options);
  expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
  expect(stderr).toMatch(line);
});
