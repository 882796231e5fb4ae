import { InvalidInputError } from '@semblance/core/errors';
import { PROFILES, QUANTISED, type RuntimeProfile } from '@semblance/inference/profiles';
import { loadPipeline, type Pipeline, type Trajectory } from '@semblance/inference/text-to-image';
import { hashesOf } from '../pictures/hashes-of.ts';
import type { HashName } from '../pictures/record.ts';
import { bytesOf, digest } from './digest.ts';
import { type Place, type PlaceOptions, placesOf, requestAt } from './place.ts';
import { sketch } from './sketch.ts';

/** What one runtime made of one prompt and seed, small enough to be kept for hundreds of them. */
export interface Sample extends Place {
  readonly runtime: string;
  /** First 16 hexadecimal digits of the SHA-256 of latent 0: the same on every machine. */
  readonly noise: string;
  /** Sketches of the latents after a quarter of the steps, a half, three quarters and all. */
  readonly sketches: readonly string[];
  /** First 16 hexadecimal digits of the SHA-256 of the pixels, three bytes each. */
  readonly pixels: string;
  readonly hashes: Readonly<Record<HashName, string>>;
}

const [REFERENCE] = PROFILES as readonly [RuntimeProfile, ...RuntimeProfile[]];

/** All that one machine can be: the profiles, the referee's runtime and quantised weights. */
export const RUNTIMES: readonly RuntimeProfile[] = [
  ...PROFILES,
  { ...REFERENCE, name: 'wasm-f32', backend: 'wasm' },
  ...QUANTISED,
];

/** The runtimes of those names. @throws InvalidInputError naming those there are */
export function runtimesNamed(names: readonly string[]): RuntimeProfile[] {
  return names.map((name) => {
    const runtime = RUNTIMES.find((one) => one.name === name);
    if (runtime !== undefined) return runtime;
    const all = RUNTIMES.map((one) => one.name).join(', ');
    throw new InvalidInputError('runtimes', `no ${name}; there are ${all}`);
  });
}

export interface SampleOptions extends PlaceOptions {
  readonly modelDir: string;
  readonly runtimes: readonly RuntimeProfile[];
  readonly signal?: AbortSignal;
}

/** One runtime after the other, each at every place. */
export async function* takeSamples(options: SampleOptions): AsyncGenerator<Sample> {
  const places = await placesOf(options.modelDir, options);
  for (const runtime of options.runtimes) {
    const pipeline = await loadPipeline(options.modelDir, runtime);
    try {
      for (const place of places) {
        options.signal?.throwIfAborted();
        yield await take(pipeline, place);
      }
    } finally {
      await pipeline.release();
    }
  }
}

async function take(pipeline: Pipeline, place: Place): Promise<Sample> {
  const { manifest, profile } = pipeline;
  const { latents, image } = await pipeline.generate(requestAt(manifest, place));
  return {
    runtime: profile.name,
    ...place,
    noise: digest(bytesOf(latents[0] as Float32Array)),
    sketches: quarters(latents).map(sketch),
    pixels: digest(image.data),
    hashes: hashesOf(image),
  };
}

function quarters(latents: Trajectory['latents']): Float32Array[] {
  const steps = latents.length - 1;
  return [1, 2, 3, 4].map((part) => latents[Math.ceil((part * steps) / 4)] as Float32Array);
}
