import { expm1, log } from '../exact-math.ts';
import type { SchedulerConfig } from './config.ts';
import { mixNoise, sigmasAt } from './noise-schedule.ts';
import type { Scheduler } from './scheduler.ts';
import { assertSteps, leading, linspace, roundHalfEven, trailing } from './timesteps.ts';

/*
 * UniPC multistep, B(h) = e^h - 1, predicting the clean sample (Zhao et al., arXiv 2302.04867).
 * Each call corrects the sample it is given (UniC) with the model output just computed, then
 * predicts the next (UniP). Order 2 looks one clean prediction further back than order 1.
 */

const f32 = Math.fround;

/** What one step leaves for the corrector of the next. */
interface Memory {
  /** Corrected sample that the last prediction started from. */
  readonly sample: Float32Array;
  /** Clean predictions, newest first. */
  readonly clean: readonly Float32Array[];
  readonly order: number;
}

/** Half-log signal-to-noise ratio and its parts at one noise level. */
interface Level {
  readonly alpha: number;
  readonly sigma: number;
  readonly lambda: number;
}

export function unipc(config: SchedulerConfig, steps: number, skipped: number): Scheduler {
  assertSteps(steps, skipped, config);
  const timesteps = unipcTimesteps(config, steps).slice(skipped);
  const levels = Array.from(sigmasAt(timesteps, config), levelOf);
  const level = (i: number) => levels[i] as Level;
  let memory: Memory | undefined;

  function step(modelOutput: Float32Array, i: number, given: Float32Array): Float32Array {
    if (i === 0) memory = undefined;
    const clean = predictClean(modelOutput, given, level(i), config.predictionType);
    const sample = memory === undefined ? given : correct(memory, clean, i);
    const order = orderAt(i);
    memory = { sample, clean: [clean, ...(memory?.clean ?? []).slice(0, 1)], order };
    return predict(memory, i);
  }

  /** Full order, but rising from 1 at the beginning and falling to 1 at the end. */
  function orderAt(i: number): number {
    const atEnd = config.lowerOrderFinal ? timesteps.length - i : config.solverOrder;
    return Math.min(config.solverOrder, atEnd, i + 1);
  }

  function predict({ sample, clean, order }: Memory, i: number): Float32Array {
    const solver = stepCoefficients(level(i), level(i + 1));
    const newest = clean[0] as Float32Array;
    const older = order === 2 ? clean[1] : undefined;
    if (older === undefined)
      return sample.map((x, j) => advance(solver, x, newest[j] as number, 0));
    const ratio = stepRatio(level(i - 1), level(i), solver.h);
    return sample.map((x, j) => {
      const m = newest[j] as number;
      const slope = f32(f32((older[j] as number) - m) / ratio);
      return advance(solver, x, m, f32(0.5 * slope));
    });
  }

  function correct(last: Memory, cleanNow: Float32Array, i: number): Float32Array {
    const solver = stepCoefficients(level(i - 1), level(i));
    const newest = last.clean[0] as Float32Array;
    const older = last.order === 2 ? last.clean[1] : undefined;
    if (older === undefined) {
      return last.sample.map((x, j) => {
        const m = newest[j] as number;
        return advance(solver, x, m, f32(0.5 * f32((cleanNow[j] as number) - m)));
      });
    }
    const ratio = stepRatio(level(i - 2), level(i - 1), solver.h);
    const [rhoOlder, rhoNow] = correctorWeights(solver, ratio);
    return last.sample.map((x, j) => {
      const m = newest[j] as number;
      const slope = f32(f32((older[j] as number) - m) / ratio);
      const change = f32((cleanNow[j] as number) - m);
      return advance(solver, x, m, f32(f32(rhoOlder * slope) + f32(rhoNow * change)));
    });
  }

  function addNoise(clean: Float32Array, noise: Float32Array, i: number): Float32Array {
    return mixNoise(clean, noise, level(i).alpha, level(i).sigma);
  }

  /**
   * The corrector starts from a sample that nobody commits to. But predictor and corrector move it
   * by the same and differ in their residuals only, so the corrected sample is the committed one
   * less the difference of the two: three clean predictions decide it.
   */
  function replay(
    outputs: readonly Float32Array[],
    i: number,
    samples: readonly Float32Array[],
  ): Float32Array {
    const clean = outputs.map((output, n) =>
      predictClean(output, samples[n] as Float32Array, level(i - n), config.predictionType),
    );
    const given = samples[0] as Float32Array;
    const [now, last, older] = clean as [Float32Array, Float32Array?, Float32Array?];
    const sample = last === undefined ? given : recorrect(given, now, last, older, i);
    return predict({ sample, clean, order: orderAt(i) }, i);
  }

  function recorrect(
    given: Float32Array,
    now: Float32Array,
    last: Float32Array,
    older: Float32Array | undefined,
    i: number,
  ): Float32Array {
    const solver = stepCoefficients(level(i - 1), level(i));
    const reach = f32(solver.alpha * solver.growth);
    if (older === undefined || orderAt(i - 1) === 1) {
      return given.map((x, j) => x - reach * 0.5 * ((now[j] as number) - (last[j] as number)));
    }
    const ratio = stepRatio(level(i - 2), level(i - 1), solver.h);
    const [rhoOlder, rhoNow] = correctorWeights(solver, ratio);
    return given.map((x, j) => {
      const m = last[j] as number;
      const slope = ((older[j] as number) - m) / ratio;
      return x - reach * ((rhoOlder - 0.5) * slope + rhoNow * ((now[j] as number) - m));
    });
  }

  return {
    timesteps,
    initNoiseSigma: 1,
    scaleModelInput: (sample) => sample,
    step,
    addNoise,
    memory: 2,
    replay,
  };
}

function predictClean(
  output: Float32Array,
  sample: Float32Array,
  { alpha, sigma }: Level,
  prediction: SchedulerConfig['predictionType'],
): Float32Array {
  if (prediction === 'v_prediction') {
    return sample.map((x, j) => f32(alpha * x) - f32(sigma * (output[j] as number)));
  }
  return sample.map((x, j) => f32(x - f32(sigma * (output[j] as number))) / alpha);
}

interface StepCoefficients {
  /** Step length in half-log signal-to-noise ratio. */
  readonly h: number;
  /** e^-h - 1, which is also B(h). */
  readonly growth: number;
  readonly keep: number;
  readonly alpha: number;
}

function stepCoefficients(from: Level, to: Level): StepCoefficients {
  const h = f32(to.lambda - from.lambda);
  return { h, growth: f32(expm1(-h)), keep: f32(to.sigma / from.sigma), alpha: to.alpha };
}

/** keep x - alpha (e^-h - 1) m, less the correction `residual` times alpha B(h). */
function advance(solver: StepCoefficients, x: number, m: number, residual: number): number {
  const reach = f32(solver.alpha * solver.growth);
  const straight = f32(f32(solver.keep * x) - f32(reach * m));
  return residual === 0 ? straight : f32(straight - f32(reach * residual));
}

/** Position of the level before `from`, in units of the step from `from`. Negative. */
function stepRatio(before: Level, from: Level, h: number): number {
  return f32(f32(before.lambda - from.lambda) / h);
}

/** Solution of [[1, 1], [r, 1]] rho = b: the weights of the older slope and of the new one. */
function correctorWeights({ h, growth }: StepCoefficients, ratio: number): [number, number] {
  const phi1 = f32(f32(growth / -h) - 1);
  const b1 = f32(phi1 / growth);
  const phi2 = f32(f32(phi1 / -h) - 0.5);
  const b2 = f32(f32(phi2 * 2) / growth);
  const older = f32(f32(b1 - b2) / f32(1 - ratio));
  return [older, f32(b1 - older)];
}

function levelOf(level: number): Level {
  const alpha = f32(1 / f32(Math.sqrt(f32(f32(level * level) + 1))));
  const sigma = f32(level * alpha);
  return { alpha, sigma, lambda: f32(f32(log(alpha)) - f32(log(sigma))) };
}

function unipcTimesteps(config: SchedulerConfig, steps: number): number[] {
  switch (config.timestepSpacing) {
    case 'leading':
      return leading(steps + 1, config).slice(0, -1);
    case 'trailing':
      return trailing(steps, config);
    case 'linspace':
    case undefined:
      return linspace(steps + 1, config)
        .map(roundHalfEven)
        .slice(0, -1);
  }
}
