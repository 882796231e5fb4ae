import { seedNoise } from '../noise.ts';
import type { TextToImageRequest } from '../request.ts';
import { createScheduler, type Scheduler } from '../schedulers/create.ts';
import type { RgbImage } from './pixels.ts';
import { createPredictor } from './predictor.ts';
import { decode } from './vae.ts';
import type { Model } from './walk.ts';

/** A text-to-image walk, taken apart: for who replays single steps, and for who tries to cheat. */
export interface OpenWalk {
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

export async function openWalk(
  { components, guidance }: Model,
  request: TextToImageRequest,
): Promise<OpenWalk> {
  const { channels, factor } = components.latent;
  const latentShape = [1, channels, request.height / factor, request.width / factor];
  const scheduler = createScheduler(request.scheduler, components.schedulerConfig, request.steps);
  const predict = await createPredictor(components, guidance, request, latentShape, {});
  const size = latentShape.reduce((a, b) => a * b);
  return {
    scheduler,
    latentShape,
    noise: seedNoise(request.seed, 0, size),
    predict: (sample, i) =>
      predict(scheduler.scaleModelInput(sample, i), scheduler.timesteps[i] as number),
    decode: (sample) => decode(components, sample, latentShape),
  };
}

/** What step 0 begins with: the noise at the variance that the scheduler wants. */
export function firstSample({ scheduler, noise }: OpenWalk): Float32Array {
  return noise.map((x) => x * scheduler.initNoiseSigma);
}
