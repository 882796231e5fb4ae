import type { Manifest } from '@semblance/inference/manifest';
import type { TextToImageRequest } from '@semblance/inference/request';
import { readModelClasses } from '../dataset/model-classes.ts';

/** Where a sample is taken: two of the same place can be compared. */
export interface Place {
  readonly prompt: string;
  readonly seed: number;
}

export interface PlaceOptions {
  /** Of the model's classes, from its first; each with the seeds 0 to `seeds` less one. */
  readonly classes: number | undefined;
  readonly seeds: number;
}

/** Class after class, each with every seed. */
export async function placesOf(
  modelDir: string,
  { classes, seeds }: PlaceOptions,
): Promise<Place[]> {
  const all = await readModelClasses(modelDir);
  return all
    .slice(0, classes)
    .flatMap(({ prompt }) => Array.from({ length: seeds }, (_, seed) => ({ prompt, seed })));
}

/** What a runtime is asked there: the model's own way of drawing. */
export function requestAt({ defaults }: Manifest, { prompt, seed }: Place): TextToImageRequest {
  return { ...defaults, prompt, negativePrompt: '', seed: BigInt(seed) };
}
