import type { SchedulerConfig } from './config.ts';
import { alphasCumprod, mixNoise } from './noise-schedule.ts';
import type { Scheduler } from './scheduler.ts';
import { assertSteps, leading, linspace, roundHalfEven, trailing } from './timesteps.ts';

const f32 = Math.fround;

/** DDIM with eta 0 (Song, Meng and Ermon, arXiv 2010.02502, formula 12): the deterministic walk. */
export function ddim(config: SchedulerConfig, steps: number, skipped: number): Scheduler {
  assertSteps(steps, skipped, config);
  const timesteps = ddimTimesteps(config, steps).slice(skipped);
  const alphas = alphasCumprod(config);
  const finalAlpha = config.setAlphaToOne ? 1 : (alphas[0] as number);
  const stride = Math.floor(config.trainTimesteps / steps);

  function step(modelOutput: Float32Array, i: number, sample: Float32Array): Float32Array {
    const t = timesteps[i] as number;
    const alphaBefore = t - stride >= 0 ? (alphas[t - stride] as number) : finalAlpha;
    const [signal, noise] = partsOf(alphas[t] as number);
    const [signalBefore, noiseBefore] = partsOf(alphaBefore);
    const velocity = config.predictionType === 'v_prediction';
    const bound = config.clipSampleRange ?? Infinity;

    return sample.map((x, j) => {
      const output = modelOutput[j] as number;
      const clean = velocity
        ? f32(f32(signal * x) - f32(noise * output))
        : f32(f32(x - f32(noise * output)) / signal);
      const epsilon = velocity ? f32(f32(signal * output) + f32(noise * x)) : output;
      const clipped = Math.max(-bound, Math.min(bound, clean));
      return f32(signalBefore * clipped) + f32(noiseBefore * epsilon);
    });
  }

  function addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return mixNoise(clean, noise, ...partsOf(alphas[timesteps[i] as number] as number));
  }

  return {
    timesteps,
    initNoiseSigma: 1,
    scaleModelInput: (sample) => sample,
    step,
    addNoise,
    memory: 0,
    replay: ([output], i, [sample]) => step(output as Float32Array, i, sample as Float32Array),
  };
}

/** How much of the signal and of unit noise a sample holds at alpha-bar. */
function partsOf(alpha: number): [signal: number, noise: number] {
  return [f32(Math.sqrt(alpha)), f32(Math.sqrt(f32(1 - alpha)))];
}

function ddimTimesteps(config: SchedulerConfig, steps: number): number[] {
  switch (config.timestepSpacing) {
    case 'linspace':
      return linspace(steps, config).map(roundHalfEven);
    case 'trailing':
      return trailing(steps, config);
    case 'leading':
    case undefined:
      return leading(steps, config);
  }
}
