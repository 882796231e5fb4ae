import { InvalidInputError } from '@semblance/core/errors';
import type { Precision, QuantisedPrecision } from './precision.ts';
import type { Optimisation } from './runtimes/runtime.ts';

/** How a node runs models: what makes honest machines differ in their bits. */
export interface RuntimeProfile {
  readonly name: string;
  readonly backend: 'native' | 'wasm';
  /** Threads inside one operator. Native output does not depend on it while weights are static. */
  readonly threads: number;
  readonly optimisation: Optimisation;
  /** What the weights, and the tensors that enter and leave a model, are rounded to. */
  readonly precision: Precision;
  /** Classifier-free guidance as one batch of two, or as two passes. */
  readonly guidance: 'batched' | 'separate';
  /** Weights held in fewer bits than the model has. Absent in what a network pays for. */
  readonly weights?: QuantisedPrecision;
}

const NATIVE = {
  backend: 'native',
  threads: 1,
  optimisation: 'all',
  precision: 'float32',
  guidance: 'batched',
} as const;

/**
 * Six profiles that give six different files and one picture, so that one machine can stand for
 * six. Chosen by measurement on the embedded model: optimisation levels and threads alone, or
 * wasm against native, move float32 latents by 1e-5, which often rounds to the same pixels; in
 * narrower formats the same small differences tip roundings and show in a few hundred bytes.
 */
export const PROFILES: readonly RuntimeProfile[] = [
  { ...NATIVE, name: 'native-f32' },
  { ...NATIVE, name: 'native-tf32', precision: 'tfloat32' },
  { ...NATIVE, name: 'native-f16', precision: 'float16' },
  {
    ...NATIVE,
    name: 'native-f16-plain',
    precision: 'float16',
    optimisation: 'disabled',
    guidance: 'separate',
  },
  { ...NATIVE, name: 'native-bf16', precision: 'bfloat16' },
  { ...NATIVE, name: 'wasm-f16', backend: 'wasm', precision: 'float16' },
];

/**
 * Weights in int8 and int4, as a machine that has not the memory for the model would hold them. No
 * node may say that it runs like this; the study and `models check` measure what it does.
 */
export const QUANTISED: readonly (RuntimeProfile & { weights: QuantisedPrecision })[] = [
  { ...NATIVE, name: 'int8-weights', weights: 'int8' },
  { ...NATIVE, name: 'int4-weights', weights: 'int4' },
];

/** The profile of that name. @throws InvalidInputError naming the profiles there are. */
export function profileNamed(name: string): RuntimeProfile {
  const profile = PROFILES.find((one) => one.name === name);
  if (profile === undefined) {
    const names = PROFILES.map((one) => one.name).join(', ');
    throw new InvalidInputError('profile', `no profile ${name}; there are ${names}`);
  }
  return profile;
}
