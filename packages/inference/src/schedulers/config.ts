import { InvalidInputError } from '@semblance/core/errors';

/** The fields of a diffusers `scheduler_config.json` that this package honours. */
export interface SchedulerConfig {
  readonly trainTimesteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: 'linear' | 'scaled_linear';
  readonly predictionType: 'epsilon' | 'v_prediction';
  /** Undefined: the scheduler's own default (leading for DDIM, linspace for the others). */
  readonly timestepSpacing: 'leading' | 'linspace' | 'trailing' | undefined;
  readonly stepsOffset: number;
  /** DDIM: the alpha before the first timestep is 1 rather than that of timestep 0. */
  readonly setAlphaToOne: boolean;
  /** DDIM: bound of the predicted clean sample, or undefined for none. */
  readonly clipSampleRange: number | undefined;
  readonly finalSigmasType: 'zero' | 'sigma_min';
  readonly solverOrder: 1 | 2;
  readonly lowerOrderFinal: boolean;
}

/** Options of diffusers that change the result and are not built: only this value is accepted. */
const UNSUPPORTED: Readonly<Record<string, unknown>> = {
  trained_betas: null,
  thresholding: false,
  rescale_betas_zero_snr: false,
  use_karras_sigmas: false,
  use_exponential_sigmas: false,
  use_beta_sigmas: false,
  use_flow_sigmas: false,
  use_dynamic_shifting: false,
  predict_x0: true,
  solver_type: 'bh2',
  solver_p: null,
  interpolation_type: 'linear',
  timestep_type: 'discrete',
};

/**
 * Reads a parsed `scheduler_config.json`, with diffusers' defaults for what is absent. Its
 * `_class_name` is ignored: any of our schedulers can run any of these configurations.
 *
 * @throws InvalidInputError naming the field that is malformed or asks for what is not built.
 */
export function parseSchedulerConfig(json: unknown): SchedulerConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new InvalidInputError('scheduler_config', 'not an object');
  }
  const config = json as Record<string, unknown>;
  for (const [field, only] of Object.entries(UNSUPPORTED)) {
    if (config[field] !== undefined && config[field] !== null && config[field] !== only) {
      throw new InvalidInputError(`scheduler_config.${field}`, `only ${String(only)} is supported`);
    }
  }
  if (Array.isArray(config.disable_corrector) && config.disable_corrector.length > 0) {
    throw new InvalidInputError('scheduler_config.disable_corrector', 'only [] is supported');
  }
  return {
    trainTimesteps: integer(config, 'num_train_timesteps', 1000, 2, 10_000),
    betaStart: real(config, 'beta_start', 0.0001, 0, 1),
    betaEnd: real(config, 'beta_end', 0.02, 0, 1),
    betaSchedule: choice(config, 'beta_schedule', ['linear', 'scaled_linear'], 'linear'),
    predictionType: choice(config, 'prediction_type', ['epsilon', 'v_prediction'], 'epsilon'),
    timestepSpacing: choice(
      config,
      'timestep_spacing',
      ['leading', 'linspace', 'trailing', undefined],
      undefined,
    ),
    stepsOffset: integer(config, 'steps_offset', 0, 0, 1000),
    setAlphaToOne: choice(config, 'set_alpha_to_one', [true, false], true),
    clipSampleRange: choice(config, 'clip_sample', [true, false], true)
      ? real(config, 'clip_sample_range', 1, 0, 1e6)
      : undefined,
    finalSigmasType: choice(config, 'final_sigmas_type', ['zero', 'sigma_min'], 'zero'),
    solverOrder: choice(config, 'solver_order', [1, 2], 2),
    lowerOrderFinal: choice(config, 'lower_order_final', [true, false], true),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function integer(config: Fields, field: string, absent: number, min: number, max: number): number {
  const value = real(config, field, absent, min, max);
  if (!Number.isInteger(value)) {
    throw new InvalidInputError(`scheduler_config.${field}`, 'not an integer');
  }
  return value;
}

function real(config: Fields, field: string, absent: number, min: number, max: number): number {
  const value = config[field] ?? absent;
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new InvalidInputError(`scheduler_config.${field}`, `not a number from ${min} to ${max}`);
  }
  return value;
}

function choice<const T>(config: Fields, field: string, allowed: readonly T[], absent: T): T {
  const value = config[field] ?? absent;
  const found = allowed.find((one) => one === value);
  if (found === undefined && value !== undefined) {
    throw new InvalidInputError(
      `scheduler_config.${field}`,
      `not one of ${allowed.filter((one) => one !== undefined).join(', ')}`,
    );
  }
  return found as T;
}
