import type { SchedulerConfig } from './config.ts';

const f32 = Math.fround;

/**
 * alpha-bar at each training timestep, as diffusers has it: betas in float32, spaced from both
 * ends inwards as torch.linspace does, and their cumulative product held in a double but rounded
 * to float32 wherever it is read.
 */
export function alphasCumprod(config: SchedulerConfig): Float32Array {
  const { trainTimesteps: count, betaSchedule } = config;
  const scaled = betaSchedule === 'scaled_linear';
  const start = f32(scaled ? Math.sqrt(config.betaStart) : config.betaStart);
  const end = f32(scaled ? Math.sqrt(config.betaEnd) : config.betaEnd);
  const step = f32(f32(end - start) / (count - 1));
  const alphas = new Float32Array(count);
  let product = 1;
  for (let t = 0; t < count; t++) {
    const value = t < count >> 1 ? f32(start + step * t) : f32(end - step * (count - 1 - t));
    const beta = scaled ? f32(value * value) : value;
    product *= f32(1 - beta);
    alphas[t] = product;
  }
  return alphas;
}

/** sqrt((1 - alpha-bar) / alpha-bar), the noise level of the variance-exploding form. */
function trainingSigmas(alphas: Float32Array): Float32Array {
  return alphas.map((alpha) => sigmaOf(alpha));
}

/** The noise levels at `timesteps` by linear interpolation, and the level after the last step. */
export function sigmasAt(timesteps: readonly number[], config: SchedulerConfig): Float32Array {
  const training = trainingSigmas(alphasCumprod(config));
  const sigmas = new Float32Array(timesteps.length + 1);
  timesteps.forEach((t, i) => {
    sigmas[i] = interpolate(training, t);
  });
  sigmas[timesteps.length] = config.finalSigmasType === 'zero' ? 0 : (training[0] as number);
  return sigmas;
}

/** signal * clean + amount * noise, each operation rounded to float32. */
export function mixNoise(
  clean: Float32Array,
  noise: Float32Array,
  signal: number,
  amount: number,
): Float32Array {
  return clean.map((x, j) => f32(signal * x) + f32(amount * (noise[j] as number)));
}

function sigmaOf(alpha: number): number {
  return f32(Math.sqrt(f32(f32(1 - alpha) / alpha)));
}

function interpolate(values: Float32Array, at: number): number {
  const last = values.length - 1;
  if (at <= 0) return values[0] as number;
  if (at >= last) return values[last] as number;
  const below = Math.floor(at);
  const low = values[below] as number;
  const high = values[below + 1] as number;
  return (high - low) * (at - below) + low;
}
