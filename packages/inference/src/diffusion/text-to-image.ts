import type { TextToImageRequest } from '../request.ts';
import type { GenerateOptions, Trajectory } from './trajectory.ts';
import { fromNoise, type Model, type OpenWalk, openWalk, type Plan, walk } from './walk.ts';

const FROM_NOISE: Plan = { skipped: 0, begin: async (ground) => fromNoise(ground) };

/** A picture from words: noise, walked whole. */
export function textToImage(
  model: Model,
  request: TextToImageRequest,
  options: GenerateOptions,
): Promise<Trajectory> {
  return walk(model, request, { skipped: 0, begin: async (ground) => fromNoise(ground) }, options);
}
