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
  return walk(model, request, FROM_NOISE, options);
}

/** The same, to be walked step by step by the caller. */
export function openTextToImage(model: Model, request: TextToImageRequest): Promise<OpenWalk> {
  return openWalk(model, request, FROM_NOISE);
}
