/**
 * Walks a noisy latent to a clean one, step by step. State and arithmetic are float32 in the order
 * of Python diffusers, on the exact functions of exact-math, so every machine gets the same bits.
 * Steps are taken in order, 0 to timesteps.length - 1: a multistep scheduler remembers the last.
 * A walk that begins from a picture leaves out the first steps; what it takes is counted from 0.
 */
export interface Scheduler {
  /** The model's timestep at each step, descending; fractional for Euler with linspace spacing. */
  readonly timesteps: readonly number[];
  /** Factor on unit noise that gives the sample of step 0 of a whole walk. */
  readonly initNoiseSigma: number;
  /** What the model sees in place of `sample` at step `i`. */
  scaleModelInput(sample: Float32Array, i: number): Float32Array;
  /** The sample after step `i`, from the model's output at that step. Arrays are left untouched. */
  step(modelOutput: Float32Array, i: number, sample: Float32Array): Float32Array;
  /** A clean latent with unit noise at the level of step `i`, 0 to timesteps.length - 1. */
  addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array;
  /** How many steps before a step it depends on: 0, or 2 for a scheduler that remembers two. */
  readonly memory: number;
  /**
   * The sample after step `i` from samples that somebody else claims: `samples[n]` is the one that
   * step i - n began with and `outputs[n]` the model's output on it, for n from 0 to `memory`, or
   * to `i` where there were fewer. Keeps no state; equal to `step` but for rounding.
   */
  replay(
    outputs: readonly Float32Array[],
    i: number,
    samples: readonly Float32Array[],
  ): Float32Array;
}

export const SCHEDULER_NAMES = ['ddim', 'euler', 'unipc'] as const;
export type SchedulerName = (typeof SCHEDULER_NAMES)[number];
