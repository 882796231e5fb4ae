import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readManifest } from '@semblance/inference/manifest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateDataset } from '../../src/dataset/generate.ts';
import { startLocalMaker } from '../../src/dataset/local-maker.ts';
import { contentOf, smallPlan } from '../support/dataset.ts';

const model = fileURLToPath(new URL('../../../inference/test/fixtures/tiny', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-maker-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a model run here gives the same data set on one thread and on three', async () => {
  const { id, defaults, weightsRoot } = await readManifest(model);
  const origin = { kind: 'local', profile: 'native-f32', weightsRoot } as const;
  const plan = { ...smallPlan('tar'), model: id, request: { ...defaults, steps: 2 }, origin };
  const content: Map<string, string>[] = [];
  for (const threads of [1, 3]) {
    const dir = join(folder, String(threads));
    const startMaker = () => startLocalMaker(model, plan, origin, threads);
    expect(await generateDataset({ dir, plan, startMaker })).toMatchObject({ made: 15 });
    content.push(await contentOf(dir));
  }
  expect(content[1]).toEqual(content[0]);
});

test('a model that cannot be loaded is told', async () => {
  const origin = { kind: 'local', profile: 'native-f32', weightsRoot: '' } as const;
  const plan = smallPlan('tar');
  const startMaker = () => startLocalMaker(join(folder, 'none'), plan, origin, 2);
  const dir = join(folder, 'failed');
  await expect(generateDataset({ dir, plan, startMaker })).rejects.toMatchObject({
    code: 'THREADS_ENDED',
    message: expect.stringContaining('manifest.json'),
  });
});
