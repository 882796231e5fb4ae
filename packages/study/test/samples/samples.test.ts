import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compareSamples } from '../../src/samples/compare.ts';
import { runtimesNamed, type Sample, takeSamples } from '../../src/samples/sample.ts';
import { formatSamples, parseSamples } from '../../src/samples/sample-file.ts';

const modelDir = fileURLToPath(new URL('../../../../models/emoji-64', import.meta.url));
const text = readFileSync(join(modelDir, 'samples.jsonl'), 'utf8');
const published = parseSamples(text);

async function take(...names: string[]): Promise<Sample[]> {
  const options = { modelDir, runtimes: runtimesNamed(names), classes: 2, seeds: 1 };
  const samples: Sample[] = [];
  for await (const sample of takeSamples(options)) samples.push(sample);
  return samples;
}

test('the published file is of the published weights, with every runtime on 200 places and more', () => {
  const manifest = JSON.parse(readFileSync(join(modelDir, 'manifest.json'), 'utf8'));
  expect(published.header.weightsRoot).toBe(manifest.weightsRoot);
  const counts = Map.groupBy(published.samples, ({ runtime }) => runtime);
  expect(counts.size).toBe(13);
  for (const samples of counts.values()) expect(samples.length).toBeGreaterThanOrEqual(200);
  expect(formatSamples(published.header, published.samples)).toBe(text);
});

test('wasm on this machine gives the bits that it gave on the one that published', async () => {
  const [comparison] = compareSamples(
    await take('wasm-f32'),
    published.samples.filter(({ runtime }) => runtime === 'wasm-f32'),
  );
  expect(comparison).toEqual({
    runtime: 'wasm-f32',
    pairs: 2,
    otherNoise: 0,
    samePixels: 2,
    latents: [0, 0, 0, 0],
    mostBits: { average: 0, perceptual: 0, difference: 0, color: 0 },
  });
});

test('native code on this machine starts from the same noise and draws the same picture', async () => {
  const [comparison] = compareSamples(
    await take('native-f32'),
    published.samples.filter(({ runtime }) => runtime === 'native-f32'),
  );
  expect(comparison?.otherNoise).toBe(0);
  expect(Math.max(...(comparison?.latents ?? [1]))).toBeLessThan(1e-4);
  expect(comparison?.mostBits.average).toBeLessThanOrEqual(2);
});

test('a sample that is not as it should be is named by its line', () => {
  const [header, first] = text.split('\n') as [string, string];
  const wrong: readonly [string, RegExp][] = [
    ['{', /^samples line 1: not JSON/],
    [`${header}\n${first}\nnull`, /^samples line 3: /],
    [`${header}\n${first.replace('"seed":0', '"seed":-1')}`, /^samples line 2: .*seed/],
    [header.replace('/v1', '/v2'), /^samples line 1: .*format/],
  ];
  for (const [file, message] of wrong) expect(() => parseSamples(file)).toThrow(message);
});

test('a runtime that is not there is told with those that are', () => {
  expect(() => runtimesNamed(['cuda'])).toThrow(/^runtimes: no cuda; there are native-f32, /);
});
