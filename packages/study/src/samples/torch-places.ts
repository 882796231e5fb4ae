import { profileNamed } from '@semblance/inference/profiles';
import { loadPipeline, type Pipeline } from '@semblance/inference/text-to-image';
import { type Place, placesOf, requestAt } from './place.ts';
import { directions } from './sketch.ts';

/*
 * What a model's training/samples_torch.py is told, so that PyTorch takes its samples where this
 * project's runtimes took theirs, begins with the same noise and sketches in the same directions.
 */

export interface TorchPlaces {
  readonly places: readonly Place[];
  /** Latent 0 of each seed, by its number. */
  readonly noise: Readonly<Record<string, readonly number[]>>;
  /** Signs of the sketches' directions, each as long as a latent. */
  readonly signs: readonly (readonly number[])[];
}

export interface TorchPlacesOptions {
  readonly modelDir: string;
  readonly classes: number | undefined;
  readonly seeds: number;
}

/** The places that `takeSamples` visits with the same options. */
export async function torchPlaces(options: TorchPlacesOptions): Promise<TorchPlaces> {
  const places = await placesOf(options.modelDir, options);
  const pipeline = await loadPipeline(options.modelDir, profileNamed('native-f32'));
  try {
    const noise: Record<string, number[]> = {};
    for (const place of places) noise[place.seed] ??= [...(await latent0(pipeline, place))];
    const length = Object.values(noise)[0]?.length ?? 0;
    return { places, noise, signs: directions(length).map((signs) => [...signs]) };
  } finally {
    await pipeline.release();
  }
}

async function latent0(pipeline: Pipeline, place: Place): Promise<Float32Array> {
  const { beginning } = await pipeline.openWalk(requestAt(pipeline.manifest, place));
  return beginning.latent;
}
