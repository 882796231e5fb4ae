import type { TextToImageRequest } from '../request.ts';
import type { GenerateOptions, Trajectory } from './trajectory.ts';
import { fromNoise, type Model, walk } from './walk.ts';

/** A picture from words: noise, walked whole. */
export function textToImage(
  model: Model,
  request: TextToImageRequest,
  options: GenerateOptions,
): Promise<Trajectory> {
  return walk(model, request, { skipped: 0, begin: async (ground) => fromNoise(ground) }, options);
}
