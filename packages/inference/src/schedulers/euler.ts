import type { SchedulerConfig } from './config.ts';
import { mixNoise, sigmasAt } from './noise-schedule.ts';
import type { Scheduler } from './scheduler.ts';
import { assertSteps, leading, linspace, trailing } from './timesteps.ts';

const f32 = Math.fround;

/** Euler's method on the probability-flow equation (Karras et al., arXiv 2206.00364, algorithm 2, no churn). */
export function euler(config: SchedulerConfig, steps: number, skipped: number): Scheduler {
  assertSteps(steps, skipped, config);
  const timesteps = eulerTimesteps(config, steps).map(f32).slice(skipped);
  const sigmas = sigmasAt(timesteps, config);
  const sigma = (i: number) => sigmas[i] as number;

  function scaleModelInput(sample: Float32Array, i: number): Float32Array {
    const norm = inputNorm(sigma(i));
    return sample.map((x) => x / norm);
  }

  function step(modelOutput: Float32Array, i: number, sample: Float32Array): Float32Array {
    const level = sigma(i);
    const change = f32(sigma(i + 1) - level);
    const outputScale = f32(-level / inputNorm(level));
    const inputScale = f32(f32(level * level) + 1);
    const velocity = config.predictionType === 'v_prediction';
    return sample.map((x, j) => {
      const output = modelOutput[j] as number;
      const clean = velocity
        ? f32(f32(output * outputScale) + f32(x / inputScale))
        : f32(x - f32(level * output));
      const derivative = f32(f32(x - clean) / level);
      return x + f32(derivative * change);
    });
  }

  function addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return mixNoise(clean, noise, 1, sigma(i));
  }

  const largest = sigmas.reduce((a, b) => Math.max(a, b), 0);
  const fromTheTop = config.timestepSpacing !== 'leading';
  return {
    timesteps,
    initNoiseSigma: fromTheTop ? largest : inputNorm(largest),
    scaleModelInput,
    step,
    addNoise,
    memory: 0,
    replay: ([output], i, [sample]) => step(output as Float32Array, i, sample as Float32Array),
  };
}

function inputNorm(sigma: number): number {
  return f32(Math.sqrt(f32(f32(sigma * sigma) + 1)));
}

function eulerTimesteps(config: SchedulerConfig, steps: number): number[] {
  switch (config.timestepSpacing) {
    case 'leading':
      return leading(steps, config);
    case 'trailing':
      return trailing(steps, config);
    case 'linspace':
    case undefined:
      return linspace(steps, config);
  }
}
