import { setImmediate } from 'node:timers/promises';
import { seedNoise } from '../noise.ts';
import type { RuntimeProfile } from '../profiles.ts';
import type { TextToImageRequest } from '../request.ts';
import { createScheduler, type Scheduler } from '../schedulers/create.ts';
import type { Components } from './components.ts';
import type { RgbImage } from './pixels.ts';
import { type Conditions, createPredictor } from './predictor.ts';
import type { EncodedInput, GenerateOptions, Trajectory } from './trajectory.ts';
import { decode } from './vae.ts';

/** A model, opened, and how its runtime guides it. */
export interface Model {
  readonly components: Components;
  readonly guidance: RuntimeProfile['guidance'];
}

/** What a mode makes its beginning of. */
export interface Ground {
  /** Of a latent: [1, channels, rows, columns]. */
  readonly shape: readonly number[];
  /** The seed's noise, unit variance. */
  readonly noise: Float32Array;
  readonly scheduler: Scheduler;
}

export interface Beginning {
  /** Latent 0, which is committed to. */
  readonly latent: Float32Array;
  /** The sample that the first step takes; follows from latent 0 exactly. */
  readonly sample: Float32Array;
  readonly encoded?: readonly EncodedInput[];
  /** What the denoiser is told beside the words. */
  readonly conditions?: Conditions;
  /** Makes latent i + 1 of the sample after step `i`. Absent: the sample is the latent. */
  readonly settle?: (sample: Float32Array, i: number) => Float32Array;
}

/** All that tells the modes apart: how latent 0 is made and what happens after each step. */
export interface Plan {
  /** How many of the first steps are left out. */
  readonly skipped: number;
  readonly begin: (ground: Ground) => Promise<Beginning>;
}

/** One request's run, taken apart: for who replays single steps, and for who tries to cheat. */
export interface OpenWalk {
  readonly scheduler: Scheduler;
  /** [1, channels, height / factor, width / factor]. */
  readonly latentShape: readonly number[];
  /** The seed's noise, unit variance. */
  readonly noise: Float32Array;
  readonly beginning: Beginning;
  /** The model's output on the sample of step `i`, guided by the prompts. */
  predict(sample: Float32Array, i: number): Promise<Float32Array>;
  /** The picture of the last sample. */
  decode(sample: Float32Array): Promise<RgbImage>;
}

export async function openWalk(
  { components, guidance }: Model,
  request: TextToImageRequest,
  { skipped, begin }: Plan,
): Promise<OpenWalk> {
  const { channels, factor } = components.latent;
  const shape = [1, channels, request.height / factor, request.width / factor];
  const size = shape.reduce((a, b) => a * b);
  const noise = seedNoise(request.seed, 0, size);
  const { schedulerConfig } = components;
  const scheduler = createScheduler(request.scheduler, schedulerConfig, request.steps, skipped);
  const beginning = await begin({ shape, noise, scheduler });
  const { conditions = {} } = beginning;
  const predict = await createPredictor(components, guidance, request, shape, conditions);
  return {
    scheduler,
    latentShape: shape,
    noise,
    beginning,
    predict: (sample, i) =>
      predict(scheduler.scaleModelInput(sample, i), scheduler.timesteps[i] as number),
    decode: (sample) => decode(components, sample, shape),
  };
}

/** The one denoising loop: from a mode's beginning to the picture. */
export async function walk(
  model: Model,
  request: TextToImageRequest,
  plan: Plan,
  { signal, onProgress }: GenerateOptions,
): Promise<Trajectory> {
  const steps = request.steps - plan.skipped;
  signal?.throwIfAborted();
  onProgress?.({ stage: 'text', step: 0, steps });
  const opened = await openWalk(model, request, plan);
  const { scheduler, latentShape, beginning } = opened;
  const { encoded = [], settle = (sample) => sample } = beginning;
  const latents = [beginning.latent];
  let sample = beginning.sample;

  for (let i = 0; i < steps; i++) {
    signal?.throwIfAborted();
    const output = await opened.predict(sample, i);
    sample = settle(scheduler.step(output, i, sample), i);
    latents.push(sample);
    onProgress?.({ stage: 'step', step: i + 1, steps });
    // Inference holds the thread; between steps the process answers whoever waits for it.
    await setImmediate();
  }

  signal?.throwIfAborted();
  onProgress?.({ stage: 'decode', step: steps, steps });
  const image = await opened.decode(sample);
  signal?.throwIfAborted();
  return { encoded, latents, latentShape, image, pastedPixels: 0 };
}

/** A beginning from noise alone, scaled to the first level of a whole walk. */
export function fromNoise({ noise, scheduler }: Pick<Ground, 'noise' | 'scheduler'>): Beginning {
  return { latent: noise, sample: noise.map((x) => x * scheduler.initNoiseSigma) };
}

/** A beginning from a picture's latent, noised to the level of the first step taken. */
export function fromPicture({ noise, scheduler }: Ground, picture: Float32Array): Beginning {
  const latent = scheduler.addNoise(picture, noise, 0);
  return { latent, sample: latent };
}
