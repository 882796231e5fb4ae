import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { fromHex } from '@semblance/core/bytes';
import { readManifest } from '@semblance/inference/manifest';
import { profileNamed } from '@semblance/inference/profiles';
import { ModelLimitsSchema, ModelSchema } from '@semblance/proto/ml';
import { MODES, type Task } from '@semblance/proto/task';
import { expect, onTestFinished, test } from 'vitest';
import { openModels } from '../src/models.ts';

const MODEL = 'emoji-64-fast';
const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

function task(steps: number, side: number): Task {
  const words = { prompt: 'a photo of a koala', negativePrompt: '', seed: 1n, guidanceMilli: 1000 };
  const value = { ...words, steps, width: side, height: side, scheduler: 'ddim' };
  return { case: 'textToImage', value } as unknown as Task;
}

test('a model is not unloaded under a run by one that ended before it', async () => {
  const { weightsRoot } = await readManifest(`${MODELS}/${MODEL}`);
  const limits = create(ModelLimitsSchema, { modes: [MODES.textToImage] });
  const host = await openModels({
    modelsDir: MODELS,
    wanted: [MODEL],
    profile: profileNamed('native-f32'),
    registered: [create(ModelSchema, { id: MODEL, weightsRoot: fromHex(weightsRoot), limits })],
    idleUnloadMs: 1,
    log: () => {},
  });
  onTestFinished(() => host.close());
  const { signal } = new AbortController();
  const run = (one: Task) => host.run(MODEL, one, [], { signal, onProgress: () => {} });
  const ends: string[] = [];
  const [short, long] = await Promise.all([
    run(task(1, 32)).finally(() => ends.push('short')),
    run(task(4, 128)).finally(() => ends.push('long')),
  ]);
  expect(ends).toEqual(['short', 'long']);
  expect([short.latents.length, long.latents.length]).toEqual([2, 5]);
});
