import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type GenerateOptions,
  loadPipeline,
  type Pipeline,
  type Trajectory,
} from '../src/diffusion/pipeline.ts';
import { seedNoise } from '../src/noise.ts';
import { PROFILES, profileNamed, type RuntimeProfile } from '../src/profiles.ts';
import type {
  ControlRequest,
  ImageToImageRequest,
  InpaintRequest,
  UpscaleRequest,
} from '../src/request.ts';
import { createScheduler, parseSchedulerConfig, skippedSteps } from '../src/schedulers/create.ts';

/** What diffusers' pipelines gave; see vectors/modes/make.py. */
interface Case {
  readonly mode: 'imageToImage' | 'inpaint' | 'control' | 'upscale';
  readonly model: 'tiny-modes' | 'tiny-inpaint';
  readonly files: Readonly<Record<string, string>>;
  readonly request: Readonly<Record<string, unknown>> & { readonly seed?: string };
  readonly encoded?: readonly string[];
  readonly start?: string;
  readonly latents?: readonly string[];
  readonly pixels: string;
}

const fixture = (path: string) => fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));
const { cases } = JSON.parse(
  readFileSync(new URL('../../../vectors/modes/modes.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };
const schedulerConfig = parseSchedulerConfig(
  JSON.parse(readFileSync(fixture('tiny/scheduler/scheduler_config.json'), 'utf8')),
);
const wasm: RuntimeProfile = { ...profileNamed('wasm-f16'), name: 'wasm', precision: 'float32' };

describe.each([wasm, ...PROFILES])('the pipelines of diffusers, as $name', (profile) => {
  // how far a walk of random weights may drift from float32 by the precision of its weights
  const tolerance = { float32: 1e-5, tfloat32: 2e-2, float16: 2e-2, bfloat16: 0.2 }[
    profile.precision
  ];
  const far = { float32: 1, tfloat32: 30, float16: 30, bfloat16: 60 }[profile.precision];
  const pipelines = new Map<string, Pipeline>();
  beforeAll(async () => {
    for (const model of ['tiny-modes', 'tiny-inpaint']) {
      pipelines.set(model, await loadPipeline(fixture(model), profile));
    }
  });
  afterAll(async () => {
    for (const pipeline of pipelines.values()) await pipeline.release();
  });

  test.each(cases)('$mode, $model, $request.scheduler, $request.strength', async (recorded) => {
    const result = await run(pipelines.get(recorded.model) as Pipeline, recorded);

    const expected = (recorded.encoded ?? []).map(unpack);
    expect(result.encoded).toHaveLength(expected.length);
    for (const [i, { latent }] of result.encoded.entries()) {
      expect(relativeError(latent, expected[i] as Float32Array)).toBeLessThan(tolerance);
    }
    const states = (recorded.latents ?? []).map(unpack);
    const [, ...after] = result.latents;
    expect(after).toHaveLength(states.length);
    for (const [i, state] of after.entries()) {
      expect(relativeError(state, states[i] as Float32Array)).toBeLessThan(tolerance);
    }
    const pixels = bytes(recorded.pixels);
    expect(result.image.data).toHaveLength(pixels.length);
    const distances = pixels.map((byte, i) => Math.abs(byte - (result.image.data[i] as number)));
    expect(Math.max(...distances)).toBeLessThanOrEqual(far);
  });
});

describe('latent 0 follows from the seed and what the encoder gave, bit for bit', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await loadPipeline(fixture('tiny-modes'), profileNamed('native-f32'));
  });
  afterAll(() => pipeline.release());
  const walks = cases.filter(({ mode, model }) => mode !== 'upscale' && model === 'tiny-modes');

  test.each(walks)('$mode, $request.scheduler, $request.strength', async (recorded) => {
    const request = requestOf(recorded) as unknown as ImageToImageRequest;
    const { encoded, latents } = await run(pipeline, recorded);
    const [latent] = latents as [Float32Array];
    const noise = seedNoise(request.seed, 0, latent.length);
    const strength = request.strength ?? 1;
    const skipped = skippedSteps(request.steps, strength);
    const scheduler = createScheduler(request.scheduler, schedulerConfig, request.steps, skipped);
    const [picture] = encoded;
    const fromNoise =
      recorded.mode === 'control' || (recorded.mode === 'inpaint' && strength === 1);
    if (fromNoise) expect(latent).toEqual(noise);
    else expect(latent).toEqual(scheduler.addNoise(picture?.latent as Float32Array, noise, 0));

    const start = fromNoise ? latent.map((x) => x * scheduler.initNoiseSigma) : latent;
    expect(relativeError(start, unpack(recorded.start as string))).toBeLessThan(1e-5);
  });
});

function requestOf({ files, request }: Case): Record<string, unknown> {
  const opened = Object.entries(files).map(([name, file]) => [name, bytes(file)]);
  const { seed, ...fields } = request;
  return {
    ...fields,
    ...Object.fromEntries(opened),
    ...(seed === undefined ? {} : { seed: BigInt(seed) }),
  };
}

function run(pipeline: Pipeline, recorded: Case, options?: GenerateOptions): Promise<Trajectory> {
  const request: unknown = requestOf(recorded);
  switch (recorded.mode) {
    case 'imageToImage':
      return pipeline.imageToImage(request as ImageToImageRequest, options);
    case 'inpaint':
      return pipeline.inpaint(request as InpaintRequest, options);
    case 'control':
      return pipeline.control(request as ControlRequest, options);
    case 'upscale':
      return pipeline.upscale(request as UpscaleRequest, options);
  }
}

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function unpack(base64: string): Float32Array {
  return new Float32Array(bytes(base64).buffer);
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  let [error, norm] = [0, 0];
  expected.forEach((x, i) => {
    error += (x - (actual[i] as number)) ** 2;
    norm += x * x;
  });
  return Math.sqrt(error / norm);
}
