import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromHex } from '@semblance/core/bytes';
import { readManifest } from '@semblance/inference/manifest';
import { hammingDistance } from '@semblance/perceptual-hash/hamming';
import { expect, test } from 'vitest';
import { hashesOf } from '../../src/pictures/hashes-of.ts';
import { compareSamples } from '../../src/samples/compare.ts';
import { bytesOf, digest } from '../../src/samples/digest.ts';
import { parseSamples } from '../../src/samples/sample-file.ts';
import { sketch } from '../../src/samples/sketch.ts';
import { torchPlaces } from '../../src/samples/torch-places.ts';
import { parseTorchSamples } from '../../src/samples/torch-samples.ts';

const modelDir = fileURLToPath(new URL('../../../../models/emoji-64', import.meta.url));
const manifest = await readManifest(modelDir);
const { samples } = parseSamples(readFileSync(join(modelDir, 'samples.jsonl'), 'utf8'));
const native = samples.filter(({ runtime }) => runtime === 'native-f32');
const prepared = await torchPlaces({ modelDir, classes: undefined, seeds: 3 });

test('PyTorch is sent to the places of the published samples, with the noise begun with there', () => {
  expect(prepared.places).toEqual(native.map(({ prompt, seed }) => ({ prompt, seed })));
  for (const { seed, noise } of native) {
    const told = Float32Array.from(prepared.noise[seed] as readonly number[]);
    expect(digest(bytesOf(told))).toBe(noise);
  }
});

test('the signs that PyTorch is told make the sketches that are made here', () => {
  const latent = Float32Array.from(prepared.noise[1] as readonly number[]);
  const bytes = Buffer.from(sketch(latent), 'base64');
  for (const [k, signs] of prepared.signs.entries()) {
    const projection = latent.reduce((sum, x, i) => sum + x * (signs[i] as number), 0);
    expect(bytes.readFloatLE(4 * (1 + k))).toBe(Math.fround(projection));
  }
});

const head = { gpu: 'a GPU', torch: '2.11.0', weightsRoot: manifest.weightsRoot };
const { prompt, seed, noise, sketches } = native[0] as (typeof native)[number];
const data = Buffer.alloc(3 * 64 * 64, 7).fill(200, 6000);
const pixels = data.toString('base64');
const line = { precision: 'bfloat16', prompt, seed, noise, sketches, pixels };
const parse = (...lines: unknown[]) =>
  parseTorchSamples(lines.map((one) => JSON.stringify(one)).join('\n'), 'torch-x', manifest);

test("PyTorch's pixels get digest and hashes as every other runtime's", () => {
  expect(parse(head, line)).toEqual({
    machine: 'a GPU, PyTorch 2.11.0',
    samples: [
      {
        ...{ runtime: 'torch-x-bf16', prompt, seed, noise, sketches },
        pixels: digest(data),
        hashes: hashesOf({ width: 64, height: 64, channels: 3, data }),
      },
    ],
  });
});

test('what PyTorch did not write so is named by its line', () => {
  expect(() => parse({ ...head, weightsRoot: '0'.repeat(64) }, line)).toThrow(/^samples line 1: /);
  const wrong: readonly [object, RegExp][] = [
    [{ precision: 'float8' }, /^samples line 3: .*precision/],
    [{ pixels: pixels.slice(4) }, /^samples line 3: not 64 x 64 pixels/],
    [{ pixels: '!' }, /^samples line 3: .*pixels/],
    [{ noise: 'none' }, /^samples line 3: .*noise/],
    [{ more: 1 }, /^samples line 3: /],
  ];
  for (const [change, message] of wrong) {
    expect(() => parse(head, line, { ...line, ...change })).toThrow(message);
  }
});

test('on the GPU that published float32 is the same picture, and narrower formats seldom are none', () => {
  const farOf = (precision: string) => {
    const own = samples.filter(({ runtime }) => runtime === `torch-h200-${precision}`);
    expect(compareSamples(own, native)[0]).toMatchObject({ pairs: 216, otherNoise: 0 });
    const bits = own.map((one, i) => {
      const [a, b] = [one, native[i]].map((it) => fromHex(it?.hashes.average ?? ''));
      return hammingDistance(a as Uint8Array, b as Uint8Array);
    });
    return bits.filter((distance) => distance > manifest.profile.thresholdBits).length;
  };
  expect(['f32', 'tf32', 'f16', 'bf16'].map(farOf)).toEqual([0, 2, 4, 7]);
});
