import { InvalidInputError } from '@semblance/core/errors';
import type { SchedulerConfig } from './config.ts';

/*
 * The timesteps that `steps` steps visit, descending (Lin et al., "Common diffusion noise
 * schedules and sample steps are flawed", table 2). Schedulers differ in small things: UniPC lays
 * one more point and drops it, and Euler keeps the fractions of linspace.
 */

/**
 * Throws {@link InvalidInputError} unless the schedule can be walked in `steps` steps, of which the
 * first `skipped` are left out.
 */
export function assertSteps(steps: number, skipped: number, config: SchedulerConfig): void {
  if (!Number.isInteger(steps) || steps < 1 || steps >= config.trainTimesteps) {
    throw new InvalidInputError('steps', `not an integer from 1 to ${config.trainTimesteps - 1}`);
  }
  if (!Number.isInteger(skipped) || skipped < 0 || skipped >= steps) {
    throw new InvalidInputError('skipped', `not an integer from 0 to ${steps - 1}`);
  }
}

/**
 * How many of `steps` steps a walk from a picture leaves out, as diffusers counts: at strength 1 it
 * walks all of them, at 0 none.
 */
export function skippedSteps(steps: number, strength: number): number {
  return steps - Math.min(Math.trunc(steps * strength), steps);
}

/** `points` equal parts of the training range from its beginning, moved by the offset. */
export function leading(points: number, config: SchedulerConfig): number[] {
  const stride = Math.floor(config.trainTimesteps / points);
  const last = config.trainTimesteps - 1;
  return descending(points, (i) => Math.min(i * stride + config.stepsOffset, last));
}

/** `points` evenly spaced points from the first timestep to the last, not rounded. */
export function linspace(points: number, config: SchedulerConfig): number[] {
  const last = config.trainTimesteps - 1;
  if (points === 1) return [0];
  const stride = last / (points - 1);
  return descending(points, (i) => (i === points - 1 ? last : i * stride));
}

/**
 * `points` equal parts of the training range from its end. (For some numbers of steps, 61 is the
 * first, numpy's arange gives diffusers one point too many, at timestep -1; not copied.)
 */
export function trailing(points: number, config: SchedulerConfig): number[] {
  const { trainTimesteps } = config;
  const stride = trainTimesteps / points;
  // numpy's arange takes the stride from its first two values
  const delta = trainTimesteps - stride - trainTimesteps;
  return Array.from({ length: points }, (_, i) => roundHalfEven(trainTimesteps + i * delta) - 1);
}

/** The nearest integer, ties to the even one, as numpy and torch round. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const part = x - floor;
  if (part !== 0.5) return part < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

function descending(points: number, at: (i: number) => number): number[] {
  return Array.from({ length: points }, (_, i) => at(points - 1 - i));
}
