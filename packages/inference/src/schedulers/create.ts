import { InvalidInputError } from '@semblance/core/errors';
import type { SchedulerConfig } from './config.ts';
import { ddim } from './ddim.ts';
import { euler } from './euler.ts';
import type { Scheduler, SchedulerName } from './scheduler.ts';
import { unipc } from './unipc.ts';

export type { SchedulerConfig } from './config.ts';
export { parseSchedulerConfig } from './config.ts';
export type { Scheduler, SchedulerName } from './scheduler.ts';
export { SCHEDULER_NAMES } from './scheduler.ts';
export { skippedSteps } from './timesteps.ts';

const SCHEDULERS = { ddim, euler, unipc };

/**
 * A scheduler ready for step 0.
 *
 * @param config as `parseSchedulerConfig` read it
 * @param steps 1 to the number of training timesteps less one
 * @param skipped how many of the first steps are left out; see `skippedSteps`
 * @throws InvalidInputError naming the field
 */
export function createScheduler(
  name: SchedulerName,
  config: SchedulerConfig,
  steps: number,
  skipped = 0,
): Scheduler {
  if (!Object.hasOwn(SCHEDULERS, name)) throw new InvalidInputError('scheduler', 'unknown');
  return SCHEDULERS[name](config, steps, skipped);
}
