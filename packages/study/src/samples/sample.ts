import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { PROFILES, QUANTISED, type RuntimeProfile } from '@semblance/inference/profiles';
import { loadPipeline, type Pipeline, type Trajectory } from '@semblance/inference/text-to-image';
import { readModelClasses } from '../dataset/model-classes.ts';
import { hashesOf } from '../pictures/hashes-of.ts';
import type { HashName } from '../pictures/record.ts';
import { sketch } from './sketch.ts';

/** What one runtime made of one prompt and seed, small enough to be kept for hundreds of them. */
export interface Sample {
  readonly runtime: string;
  readonly prompt: string;
  readonly seed: number;
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

export interface SampleOptions {
  readonly modelDir: string;
  readonly runtimes: readonly RuntimeProfile[];
  /** Of the model's classes, from its first; each with the seeds 0 to `seeds` less one. */
  readonly classes: number | undefined;
  readonly seeds: number;
  readonly signal?: AbortSignal;
}

/** One runtime after the other, each with every class and seed. */
export async function* takeSamples(options: SampleOptions): AsyncGenerator<Sample> {
  const classes = await readModelClasses(options.modelDir);
  const prompts = classes.slice(0, options.classes).map(({ prompt }) => prompt);
  for (const runtime of options.runtimes) {
    const pipeline = await loadPipeline(options.modelDir, runtime);
    try {
      for (const prompt of prompts) {
        for (let seed = 0; seed < options.seeds; seed++) {
          options.signal?.throwIfAborted();
          yield await take(pipeline, prompt, seed);
        }
      }
    } finally {
      await pipeline.release();
    }
  }
}

async function take(pipeline: Pipeline, prompt: string, seed: number): Promise<Sample> {
  const { manifest, profile } = pipeline;
  const request = { ...manifest.defaults, prompt, negativePrompt: '', seed: BigInt(seed) };
  const { latents, image } = await pipeline.generate(request);
  return {
    runtime: profile.name,
    prompt,
    seed,
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

function digest(bytes: Uint8Array): string {
  return toHex(sha256(bytes)).slice(0, 16);
}

/** The numbers' bytes in the order that x86 and ARM hold them. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
