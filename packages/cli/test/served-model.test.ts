import { readManifest } from '@semblance/inference/manifest';
import { modesOf } from '@semblance/inference/modes';
import { MODES } from '@semblance/proto/task';
import { expect, test } from 'vitest';
import { embeddedModel, SERVED_MODEL } from '../src/embedded-model.ts';

test('what a new network serves is there and can do everything that the page offers', async () => {
  const manifest = await readManifest(embeddedModel(SERVED_MODEL));
  expect(manifest.id).toBe(SERVED_MODEL);
  expect([...modesOf(manifest)].sort()).toEqual(Object.keys(MODES).sort());
  expect(manifest.suggestedPrompts.length).toBeGreaterThan(0);
});
