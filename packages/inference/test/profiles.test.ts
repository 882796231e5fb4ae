import { fileURLToPath } from 'node:url';
import { averageHash } from '@semblance/perceptual-hash/average-hash';
import { hammingDistance } from '@semblance/perceptual-hash/hamming';
import { expect, test } from 'vitest';
import { loadPipeline } from '../src/diffusion/pipeline.ts';
import { encodeImage } from '../src/encode.ts';
import { loadManifest } from '../src/manifest.ts';
import { PROFILES, profileNamed } from '../src/profiles.ts';

const model = fileURLToPath(new URL('../../../models/emoji-64', import.meta.url));
const PROMPTS = ['a photo of a cat', 'rocket'];

test('on the embedded model the six profiles give six files and one picture', async () => {
  const { defaults, profile } = await loadManifest(model);
  const results = new Map<string, { file: string; hash: Uint8Array }[]>();
  for (const one of PROFILES) {
    const pipeline = await loadPipeline(model, one);
    for (const [i, prompt] of PROMPTS.entries()) {
      const request = { ...defaults, prompt, negativePrompt: '', seed: BigInt(i) };
      const { image } = await pipeline.generate(request);
      const file = Buffer.from(await encodeImage(image)).toString('base64');
      results.set(prompt, [...(results.get(prompt) ?? []), { file, hash: averageHash(image) }]);
    }
    await pipeline.release();
  }
  for (const runs of results.values()) {
    expect(new Set(runs.map(({ file }) => file)).size).toBe(PROFILES.length);
    for (const { hash } of runs) {
      const [first] = runs as [(typeof runs)[number]];
      expect(hammingDistance(hash, first.hash)).toBeLessThanOrEqual(profile.thresholdBits);
    }
  }
});

test('profiles are found by name, and only by their own', () => {
  expect(profileNamed('wasm-f16').backend).toBe('wasm');
  expect(new Set(PROFILES.map(({ name }) => name)).size).toBe(6);
  expect(() => profileNamed('toString')).toThrow(/^profile: no profile toString; there are native/);
});
