import { InvalidInputError } from '@semblance/core/errors';
import { fromNoise, type OpenWalk } from './walk.ts';

/** Single steps of a claimed trajectory, run again. */
export interface Replay {
  /**
   * The latent after step `step`, from the claimed latents before it. Costs one run of the model
   * for each latent that the scheduler looks at and that no other step has looked at yet.
   *
   * @param step 1 to the number of steps
   */
  latentAfter(step: number): Promise<Float32Array>;
}

/**
 * Replays steps from claimed latents: what a spot check does. Every step starts from what was
 * claimed, so that honest differences do not add up.
 *
 * @param latents latent 0, the noise with unit variance, to latent N, as committed to
 * @throws InvalidInputError when they are not one latent more than steps, or of another size.
 */
export function replayOf(walk: OpenWalk, latents: readonly Float32Array[]): Replay {
  const { scheduler, noise } = walk;
  const steps = scheduler.timesteps.length;
  if (latents.length !== steps + 1) {
    throw new InvalidInputError('latents', `${latents.length} of ${steps} steps`);
  }
  const odd = latents.findIndex((latent) => latent.length !== noise.length);
  if (odd >= 0) throw new InvalidInputError('latents', `latent ${odd} is of another size`);

  const samples = [
    fromNoise({ noise: latents[0] as Float32Array, scheduler }).sample,
    ...latents.slice(1),
  ];
  const outputs = new Map<number, Promise<Float32Array>>();
  const outputAt = (i: number): Promise<Float32Array> => {
    const known = outputs.get(i);
    if (known) return known;
    const output = walk.predict(samples[i] as Float32Array, i);
    outputs.set(i, output);
    return output;
  };

  return {
    async latentAfter(step) {
      if (!Number.isInteger(step) || step < 1 || step > steps) {
        throw new InvalidInputError('step', `not from 1 to ${steps}`);
      }
      const i = step - 1;
      const before = Array.from({ length: Math.min(scheduler.memory, i) + 1 }, (_, n) => i - n);
      const known: Float32Array[] = [];
      for (const at of before) known.push(await outputAt(at));
      return scheduler.replay(
        known,
        i,
        before.map((at) => samples[at] as Float32Array),
      );
    },
  };
}

/** |a - b| / |b|: how far a replayed latent `a` is from a claimed one `b`. Infinite if only b is 0. */
export function relativeL2(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new InvalidInputError('latent', 'of another size');
  let [difference, norm] = [0, 0];
  for (const [i, x] of b.entries()) {
    difference += ((a[i] as number) - x) ** 2;
    norm += x ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}
