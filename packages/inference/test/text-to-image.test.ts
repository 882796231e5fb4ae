import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvalidInputError } from '@semblance/core/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clipTokenizer } from '../src/diffusion/clip-tokenizer.ts';
import { loadPipeline, type Pipeline, type Progress } from '../src/diffusion/pipeline.ts';
import { createTokenizer } from '../src/diffusion/tokenizer.ts';
import { seedNoise } from '../src/noise.ts';
import { PROFILES, profileNamed, type RuntimeProfile } from '../src/profiles.ts';
import type { TextToImageRequest } from '../src/request.ts';

interface Reference {
  readonly model: 'tiny' | 'tiny-sd';
  readonly ids: readonly (readonly number[])[];
  readonly latents: readonly string[];
  readonly pixels: string;
  readonly request: Omit<TextToImageRequest, 'seed'> & { readonly seed: string };
}

const fixture = (path: string) => fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));
const readJson = (path: string): unknown => JSON.parse(readFileSync(fixture(path), 'utf8'));
const references = readJson('reference.json') as readonly Reference[];
const request: TextToImageRequest = {
  prompt: 'a red cat',
  negativePrompt: '',
  seed: 42n,
  steps: 4,
  width: 16,
  height: 16,
  guidance: 4,
  scheduler: 'unipc',
};

const wasm: RuntimeProfile = { ...profileNamed('wasm-f16'), name: 'wasm', precision: 'float32' };

describe.each([wasm, ...PROFILES])('the pipeline of Python, as $name', (profile) => {
  // how far a walk of random weights may drift from float32 by the precision of its weights
  const tolerance = { float32: 1e-5, tfloat32: 2e-2, float16: 2e-2, bfloat16: 0.2 }[
    profile.precision
  ];
  const pipelines = new Map<string, Pipeline>();

  beforeAll(async () => {
    for (const model of ['tiny', 'tiny-sd']) {
      pipelines.set(model, await loadPipeline(fixture(model), profile));
    }
  });
  afterAll(async () => {
    for (const pipeline of pipelines.values()) await pipeline.release();
  });

  test.each(references)('$model, $request.scheduler, seed $request.seed', async (reference) => {
    const pipeline = pipelines.get(reference.model) as Pipeline;
    const { steps, width, height, seed } = reference.request;
    const result = await pipeline.generate({ ...reference.request, seed: BigInt(seed) });

    expect(result.latents).toHaveLength(steps + 1);
    const [noise, ...states] = result.latents as [Float32Array, ...Float32Array[]];
    expect(noise).toEqual(seedNoise(BigInt(seed), 0, noise.length));
    for (const [i, state] of states.entries()) {
      const expected = new Float32Array(bytes(reference.latents[i] as string).buffer);
      expect(relativeError(state, expected)).toBeLessThan(tolerance);
    }
    expect(result.image).toMatchObject({ width, height, channels: 3 });
    const far = { float32: 1, tfloat32: 30, float16: 30, bfloat16: 60 }[profile.precision];
    const differences = result.image.data.map((value, i) =>
      Math.abs(value - (bytes(reference.pixels)[i] as number)),
    );
    expect(differences).toHaveLength(width * height * 3);
    expect(Math.max(...differences)).toBeLessThanOrEqual(far);
  });
});

test.each(references)(
  'token ids of Python: $request.prompt',
  ({ model, ids, request: { prompt, negativePrompt } }) => {
    const json =
      model === 'tiny'
        ? readJson('tiny/tokenizer/tokenizer.json')
        : clipTokenizer(
            readJson('tiny-sd/tokenizer/vocab.json'),
            readFileSync(fixture('tiny-sd/tokenizer/merges.txt'), 'utf8'),
          );
    const tokenize = createTokenizer(json, readJson(`${model}/tokenizer/tokenizer_config.json`));
    expect([negativePrompt, prompt].map(tokenize)).toEqual(ids);
  },
);

test.each([
  [null, ''],
  [{ a: 'b' }, ''],
  [{ a: 1 }, ''],
  [{ '<|startoftext|>': 0, '<|endoftext|>': 1 }, 'a b c'],
])('vocabulary %j with merges %j is refused', (vocab, merges) => {
  expect(() => clipTokenizer(vocab, merges)).toThrow(InvalidInputError);
});

describe('generate', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await loadPipeline(fixture('tiny'), profileNamed('native-f32'));
  });
  afterAll(() => pipeline.release());

  test('gives the same bits again', async () => {
    expect(await pipeline.generate(request)).toEqual(await pipeline.generate(request));
  });

  test('gives other pictures for other seeds, prompts and negative prompts', async () => {
    const variants = [request, { ...request, seed: 43n }, { ...request, prompt: 'a blue cat' }];
    const results = [...variants, { ...request, negativePrompt: 'red' }].map(async (one) =>
      (await pipeline.generate(one)).image.data.join(),
    );
    expect(new Set(await Promise.all(results)).size).toBe(4);
  });

  test('reports progress', async () => {
    const seen: Progress[] = [];
    await pipeline.generate(request, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ stage, step }) => `${stage} ${step}`)).toEqual([
      'text 0',
      'step 1',
      'step 2',
      'step 3',
      'step 4',
      'decode 4',
    ]);
    expect(seen.every(({ steps }) => steps === 4)).toBe(true);
  });

  test('stops between steps when aborted', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const run = pipeline.generate(request, {
      signal: controller.signal,
      onProgress: ({ step }) => {
        seen.push(step);
        if (step === 2) controller.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
    expect(seen).toEqual([0, 1, 2]);
  });

  test('does not start when aborted', async () => {
    const signal = AbortSignal.abort(new Error('no'));
    await expect(pipeline.generate(request, { signal })).rejects.toThrow('no');
    const loading = loadPipeline(fixture('tiny'), profileNamed('native-f32'), { signal });
    await expect(loading).rejects.toThrow('no');
  });

  test('refuses a bad request by field', async () => {
    await expect(pipeline.generate({ ...request, width: 20 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'width' },
    });
  });

  test('at guidance 1 and below the negative prompt does not matter', async () => {
    const plain = await pipeline.generate({ ...request, guidance: 1 });
    const other = await pipeline.generate({ ...request, guidance: 0.5, negativePrompt: 'cat' });
    expect(other.image).toEqual(plain.image);
  });

  test('a released pipeline refuses to run', async () => {
    const short = await loadPipeline(fixture('tiny'), profileNamed('native-f32'));
    await short.release();
    await short.release();
    await expect(short.generate(request)).rejects.toMatchObject({ code: 'RUNTIME' });
  });
});

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  let [error, norm] = [0, 0];
  expected.forEach((x, i) => {
    error += (x - (actual[i] as number)) ** 2;
    norm += x * x;
  });
  return Math.sqrt(error / norm);
}
