import { readFileSync } from 'node:fs';
import { InvalidInputError } from '@semblance/core/errors';
import { describe, expect, test } from 'vitest';
import { parseSchedulerConfig } from '../src/schedulers/config.ts';
import { createScheduler, skippedSteps } from '../src/schedulers/create.ts';
import { alphasCumprod } from '../src/schedulers/noise-schedule.ts';
import type { Scheduler, SchedulerName } from '../src/schedulers/scheduler.ts';

interface Trajectories {
  readonly noise: string;
  readonly c: string;
  readonly cases: readonly {
    readonly scheduler: SchedulerName;
    readonly config: Record<string, unknown>;
    readonly steps: number;
    readonly initNoiseSigma: number;
    readonly timesteps: readonly number[] | null;
    readonly states: readonly string[];
  }[];
}

interface FromImage {
  readonly image: string;
  readonly cases: readonly {
    readonly scheduler: SchedulerName;
    readonly config: Record<string, unknown>;
    readonly steps: number;
    readonly strength: number;
    readonly timesteps: readonly number[];
    /** The picture noised to the level of each step, and the sample after it. */
    readonly noised: readonly string[];
    readonly states: readonly string[];
  }[];
}

const SD15 = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
const recorded = read<Trajectories>('trajectories.json');
const noise = unpack(recorded.noise);
const c = unpack(recorded.c);

test('alpha-bar equals the reference in float32', () => {
  const { schedules } = read<{
    schedules: { config: Record<string, unknown>; alphasCumprod: string }[];
  }>('schedules.json');
  for (const { config, alphasCumprod: expected } of schedules) {
    const alphas = alphasCumprod(parseSchedulerConfig(config));
    expect(relativeError(alphas, unpack(expected))).toBeLessThan(1e-7);
  }
});

describe('trajectories of Python diffusers', () => {
  for (const { scheduler, config, steps, ...expected } of recorded.cases) {
    const label = ['prediction_type', 'timestep_spacing'].map((field) => config[field]).join(' ');
    test(`${scheduler}, ${label}, ${steps} steps`, () => {
      const walk = createScheduler(scheduler, parseSchedulerConfig(config), steps);
      expect(walk.initNoiseSigma / expected.initNoiseSigma).toBeCloseTo(1, 6);
      if (expected.timesteps !== null) expect(walk.timesteps).toEqual(expected.timesteps);
      const states = run(walk, scaled(walk));
      expect(states).toHaveLength(steps);
      const last = states.slice(-expected.states.length);
      for (const [i, state] of last.entries()) {
        expect(relativeError(state, unpack(expected.states[i] as string))).toBeLessThan(1e-5);
      }
    });
  }
});

describe('walks of Python diffusers from a picture', () => {
  const fromImage = read<FromImage>('from-image.json');
  const image = unpack(fromImage.image);

  for (const { scheduler, config, steps, strength, ...expected } of fromImage.cases) {
    const label = ['prediction_type', 'timestep_spacing'].map((field) => config[field]).join(' ');
    test(`${scheduler}, ${label}, ${steps} steps at strength ${strength}`, () => {
      const skipped = skippedSteps(steps, strength);
      const walk = createScheduler(scheduler, parseSchedulerConfig(config), steps, skipped);
      expect(walk.timesteps).toEqual(expected.timesteps);
      const noised = walk.timesteps.map((_, i) => walk.addNoise(image, noise, i));
      expectEnds(noised, expected.noised);
      expectEnds(run(walk, noised[0] as Float32Array), expected.states);
    });
  }

  /** All of them, or where only two are recorded the first and the last. */
  function expectEnds(actual: readonly Float32Array[], recorded: readonly string[]): void {
    const compared = recorded.length === 2 ? [actual[0], actual.at(-1)] : actual;
    expect(compared).toHaveLength(recorded.length);
    for (const [i, state] of compared.entries()) {
      const error = relativeError(state as Float32Array, unpack(recorded[i] as string));
      expect(error).toBeLessThan(1e-5);
    }
  }
});

test.each([
  [20, 1, 0],
  [20, 0.5, 10],
  [10, 0.7, 3],
  [50, 0.58, 22], // the product is below 29, in Python as here
  [4, 0.1, 4],
  [20, 0, 20],
])('of %d steps at strength %d the first %d are left out', (steps, strength, skipped) => {
  expect(skippedSteps(steps, strength)).toBe(skipped);
});

test('a scheduler can be walked twice', () => {
  const walk = createScheduler('unipc', parseSchedulerConfig(SD15), 8);
  expect(run(walk, scaled(walk))).toEqual(run(walk, scaled(walk)));
});

test('inputs are left untouched', () => {
  for (const name of ['ddim', 'euler', 'unipc'] as const) {
    const walk = createScheduler(name, parseSchedulerConfig(SD15), 3);
    const [sample, output] = [noise.slice(), c.slice()];
    walk.scaleModelInput(sample, 0);
    walk.step(output, 0, sample);
    walk.addNoise(sample, output, 2);
    expect([sample, output]).toEqual([noise, c]);
  }
});

describe('refused', () => {
  test.each([0, -1, 1.5, Number.NaN, 1000])('%d steps', (steps) => {
    for (const name of ['ddim', 'euler', 'unipc'] as const) {
      expect(() => createScheduler(name, parseSchedulerConfig(SD15), steps)).toThrow(/^steps/);
    }
  });

  test.each([-1, 4, 0.5, Number.NaN])('%d of 4 steps left out', (skipped) => {
    for (const name of ['ddim', 'euler', 'unipc'] as const) {
      const config = parseSchedulerConfig(SD15);
      expect(() => createScheduler(name, config, 4, skipped)).toThrow(/^skipped/);
    }
  });

  test.each([
    null,
    [],
    'config',
    { beta_schedule: 'squaredcos_cap_v2' },
    { prediction_type: 'sample' },
    { use_karras_sigmas: true },
    { thresholding: true },
    { rescale_betas_zero_snr: true },
    { trained_betas: [0.1] },
    { num_train_timesteps: 1e9 },
    { num_train_timesteps: 10.5 },
    { beta_start: '0.1' },
    { beta_end: Number.NaN },
    { clip_sample: 1 },
    { solver_order: 3 },
    { disable_corrector: [0] },
  ])('configuration %j', (config) => {
    expect(() => parseSchedulerConfig(config)).toThrow(InvalidInputError);
  });

  test('a scheduler that does not exist', () => {
    const name = 'toString' as SchedulerName;
    expect(() => createScheduler(name, parseSchedulerConfig(SD15), 4)).toThrow(/^scheduler/);
  });
});

/** The noise that a whole walk begins from. */
function scaled(walk: Scheduler): Float32Array {
  return noise.map((x) => x * Math.fround(walk.initNoiseSigma));
}

/** The recorded trajectories' model: 0.3 * input + c in float32. */
function run(walk: Scheduler, start: Float32Array): Float32Array[] {
  const factor = Math.fround(0.3);
  let sample = start;
  return walk.timesteps.map((_, i) => {
    const input = walk.scaleModelInput(sample, i);
    const output = input.map((x, j) => Math.fround(x * factor) + (c[j] as number));
    sample = walk.step(output, i, sample);
    return sample;
  });
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  let [error, norm] = [0, 0];
  expected.forEach((x, i) => {
    error += (x - (actual[i] as number)) ** 2;
    norm += x * x;
  });
  return Math.sqrt(error / norm);
}

function unpack(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

function read<T>(file: string): T {
  return JSON.parse(
    readFileSync(new URL(`../../../vectors/schedulers/${file}`, import.meta.url), 'utf8'),
  ) as T;
}
