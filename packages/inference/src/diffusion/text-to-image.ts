import { setImmediate } from 'node:timers/promises';
import { InvalidInputError } from '@semblance/core/errors';
import { type Manifest, readManifest } from '../manifest.ts';
import { seedNoise } from '../noise.ts';
import type { RuntimeProfile } from '../profiles.ts';
import { type TextToImageRequest, validateRequest } from '../request.ts';
import { createScheduler } from '../schedulers/create.ts';
import type { Scheduler } from '../schedulers/scheduler.ts';
import { type Components, openComponents } from './components.ts';
import { feed, floats } from './float-tensor.ts';
import { guide } from './guidance.ts';
import { type RgbImage, toPixels } from './pixels.ts';

export type { TextToImageRequest } from '../request.ts';
export type { RgbImage } from './pixels.ts';

/** Where a run is. 'text' at step 0, then 'step' after each of 1..steps, then 'decode'. */
export interface Progress {
  readonly stage: 'text' | 'step' | 'decode';
  readonly step: number;
  readonly steps: number;
}

/** A finished run and everything a verifier may ask of it. */
export interface Trajectory {
  /** Latent 0, the seed's noise with unit variance, to latent N, the sample after step N. */
  readonly latents: readonly Float32Array[];
  /** [1, channels, height / factor, width / factor] of each latent. */
  readonly latentShape: readonly number[];
  readonly image: RgbImage;
}

export interface GenerateOptions {
  /** Checked between steps. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** One request's run, taken apart: for who replays single steps, and for who tries to cheat. */
export interface Walk {
  readonly scheduler: Scheduler;
  /** [1, channels, height / factor, width / factor]. */
  readonly latentShape: readonly number[];
  /** Latent 0: the seed's noise with unit variance. */
  readonly noise: Float32Array;
  /** The model's output on the sample of step `i`, guided by the prompts. */
  predict(sample: Float32Array, i: number): Promise<Float32Array>;
  /** The picture of the last sample. */
  decode(sample: Float32Array): Promise<RgbImage>;
}

export interface Pipeline {
  readonly manifest: Manifest;
  readonly profile: RuntimeProfile;
  /**
   * Runs one request.
   *
   * @throws InvalidInputError naming the field of the request
   * @throws NotFiniteError when the model put out NaN or infinity
   * @throws the signal's reason when aborted
   */
  generate(request: TextToImageRequest, options?: GenerateOptions): Promise<Trajectory>;
  /** Prepares one request to be walked step by step. @throws InvalidInputError as above */
  walk(request: TextToImageRequest): Promise<Walk>;
  /** Frees the models. */
  release(): Promise<void>;
}

/**
 * Opens the model in `dir` to run as `profile` says. Each file is checked against the manifest as
 * it is read.
 *
 * @throws ModelFileError naming the file that is missing or is not the pinned one
 */
export async function loadPipeline(
  dir: string,
  profile: RuntimeProfile,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Pipeline> {
  signal?.throwIfAborted();
  const manifest = await readManifest(dir);
  const components = await openComponents(dir, manifest, profile, signal);
  if (manifest.limits.sizeMultiple % components.latent.factor !== 0) {
    throw new InvalidInputError(
      'manifest.limits.sizeMultiple',
      `not a multiple of the latent factor ${components.latent.factor}`,
    );
  }
  return {
    manifest,
    profile,
    generate: async (request, options = {}) => {
      validateRequest(request, manifest.limits);
      return generate(components, profile.guidance, request, options);
    },
    walk: async (request) => {
      validateRequest(request, manifest.limits);
      return openWalk(components, profile.guidance, request);
    },
    release: async () => {
      const { textEncoder, unet, vaeDecoder } = components;
      await Promise.all([textEncoder, unet, vaeDecoder].map((session) => session.release()));
    },
  };
}

async function generate(
  components: Components,
  guidanceMode: RuntimeProfile['guidance'],
  request: TextToImageRequest,
  { signal, onProgress }: GenerateOptions,
): Promise<Trajectory> {
  const { steps } = request;
  signal?.throwIfAborted();
  onProgress?.({ stage: 'text', step: 0, steps });
  const walk = await openWalk(components, guidanceMode, request);
  const { scheduler, latentShape, noise } = walk;
  const latents = [noise];
  let sample = firstSample(walk);

  for (let i = 0; i < steps; i++) {
    signal?.throwIfAborted();
    sample = scheduler.step(await walk.predict(sample, i), i, sample);
    latents.push(sample);
    onProgress?.({ stage: 'step', step: i + 1, steps });
    // Inference holds the thread; between steps the process answers whoever waits for it.
    await setImmediate();
  }

  signal?.throwIfAborted();
  onProgress?.({ stage: 'decode', step: steps, steps });
  const image = await walk.decode(sample);
  signal?.throwIfAborted();
  return { latents, latentShape, image };
}

async function openWalk(
  components: Components,
  guidanceMode: RuntimeProfile['guidance'],
  request: TextToImageRequest,
): Promise<Walk> {
  const { width, height, steps, seed } = request;
  const { channels, factor } = components.latent;
  const latentShape = [1, channels, height / factor, width / factor];
  const predict = await createPredictor(components, guidanceMode, request, latentShape);
  const scheduler = createScheduler(request.scheduler, components.schedulerConfig, steps);
  const length = latentShape.reduce((a, b) => a * b);
  return {
    scheduler,
    latentShape,
    noise: seedNoise(seed, 0, length),
    predict: (sample, i) =>
      predict(scheduler.scaleModelInput(sample, i), scheduler.timesteps[i] as number),
    decode: (sample) => decode(components, sample, latentShape),
  };
}

/** What step 0 begins with: the noise at the variance that the scheduler wants. */
export function firstSample({ scheduler, noise }: Walk): Float32Array {
  return noise.map((x) => x * scheduler.initNoiseSigma);
}

/** The model's output for a sample at a timestep, guided by the request's prompts. */
type Predictor = (sample: Float32Array, timestep: number) => Promise<Float32Array>;

async function createPredictor(
  { tokenize, textEncoder, unet }: Components,
  guidanceMode: RuntimeProfile['guidance'],
  { prompt, negativePrompt, guidance }: TextToImageRequest,
  shape: readonly number[],
): Promise<Predictor> {
  const encode = async (text: string) => {
    const ids = tokenize(text);
    const feeds = { input_ids: feed(textEncoder, 'input_ids', ids, [1, ids.length]) };
    return floats(await textEncoder.run(feeds), 'last_hidden_state');
  };
  const words = await encode(prompt);
  const denoise = async (
    batch: number,
    sample: Float32Array,
    timestep: number,
    states: Float32Array,
  ) => {
    const outputs = await unet.run({
      sample: feed(unet, 'sample', sample, [batch, ...shape.slice(1)]),
      timestep: feed(unet, 'timestep', [timestep], [1]),
      encoder_hidden_states: feed(unet, 'encoder_hidden_states', states, [
        batch,
        ...words.dims.slice(1),
      ]),
    });
    return floats(outputs, 'out_sample').data;
  };
  if (guidance <= 1) return (sample, timestep) => denoise(1, sample, timestep, words.data);

  const negative = await encode(negativePrompt);
  if (guidanceMode === 'separate') {
    return async (sample, timestep) =>
      guide(
        await denoise(1, sample, timestep, negative.data),
        await denoise(1, sample, timestep, words.data),
        guidance,
      );
  }
  const states = join(negative.data, words.data);
  return async (sample, timestep) => {
    const both = await denoise(2, join(sample, sample), timestep, states);
    return guide(both.subarray(0, sample.length), both.subarray(sample.length), guidance);
  };
}

async function decode(
  { vaeDecoder, latent }: Components,
  sample: Float32Array,
  shape: readonly number[],
): Promise<RgbImage> {
  const scaling = Math.fround(latent.scaling);
  const scaled = sample.map((x) => x / scaling);
  const outputs = await vaeDecoder.run({
    latent_sample: feed(vaeDecoder, 'latent_sample', scaled, shape),
  });
  const { data, dims } = floats(outputs, 'sample');
  const [height, width] = [shape[2], shape[3]].map((side) => (side ?? 0) * latent.factor);
  if (dims.join() !== [1, 3, height, width].join()) {
    throw new InvalidInputError(
      'vae_decoder',
      `gave [${dims.join()}] instead of [1,3,${height},${width}]`,
    );
  }
  return toPixels(data, width as number, height as number);
}

function join(a: Float32Array, b: Float32Array): Float32Array {
  const joined = new Float32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
