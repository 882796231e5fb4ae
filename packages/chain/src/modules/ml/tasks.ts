import { InvalidInputError } from '@semblance/core/errors';
import type { JobRequest, ModelLimits, Params, TextToImage } from '@semblance/proto/ml';
import { baseOf, inputSizeOf, MODES, resultSizeOf, type Task } from '@semblance/proto/task';
import { RefusedError } from '../../errors.ts';
import { mlErrors } from './errors.ts';
import { checkText } from './fields.ts';

const MAX_GUIDANCE_MILLI = 30_000;
const MAX_CONDITIONING_SCALE_MILLI = 2000;

/** Throws InvalidInputError when a request names none. */
export function taskOf({ task }: JobRequest): Task {
  if (task.case === undefined) throw new InvalidInputError('task', 'missing');
  return task;
}

/** What holds for the tasks of every model. Throws InvalidInputError naming the field. */
export function validateTask(task: Task, params: Params): void {
  validateSize(task, params);
  if (task.case === 'upscale') return;
  const base = baseOf(task);
  if (base === undefined) throw new InvalidInputError('base', 'missing');
  validateBase(base, params);
  if (task.case === 'imageToImage' || task.case === 'inpaint') {
    validateStrength(task.value.strengthMilli, base.steps);
  }
  if (task.case === 'control') {
    const { conditioningScaleMilli } = task.value;
    const isWithin = conditioningScaleMilli <= MAX_CONDITIONING_SCALE_MILLI;
    check(isWithin, 'conditioning_scale_milli', `above ${MAX_CONDITIONING_SCALE_MILLI}`);
  }
}

function validateSize(task: Task, { maxPixels }: Params): void {
  for (const [field, side] of Object.entries(inputSizeOf(task))) check(side > 0, field, 'zero');
  const { width, height } = resultSizeOf(task);
  const isWithin = BigInt(width) * BigInt(height) <= BigInt(maxPixels);
  check(isWithin, 'width', `times height is above ${maxPixels} pixels in the result`);
}

function validateBase(base: TextToImage, { maxPromptBytes }: Params): void {
  const { prompt, negativePrompt, steps, guidanceMilli } = base;
  checkText(prompt, maxPromptBytes, 'prompt');
  check(!/^[ \t\n]*$/.test(prompt), 'prompt', 'empty');
  checkText(negativePrompt, maxPromptBytes, 'negative_prompt');
  check(steps > 0, 'steps', 'zero');
  check(guidanceMilli <= MAX_GUIDANCE_MILLI, 'guidance_milli', `above ${MAX_GUIDANCE_MILLI}`);
}

/** At least one step must be left: a node could not do less, and would be late through no fault. */
function validateStrength(strengthMilli: number, steps: number): void {
  check(strengthMilli >= 1 && strengthMilli <= 1000, 'strength_milli', 'not from 1 to 1000');
  const isEnough = BigInt(steps) * BigInt(strengthMilli) >= 1000n;
  check(isEnough, 'strength_milli', `leaves none of ${steps} steps to walk`);
}

function check(isRight: boolean, field: string, reason: string): void {
  if (!isRight) throw new InvalidInputError(field, reason);
}

/** What a model asks of a task. Refuses, naming the field. */
export function checkTaskAgainstLimits(task: Task, limits: ModelLimits): void {
  const { sizeMultiple, minSize, maxSize, maxSteps, schedulers, modes } = limits;
  const mode = MODES[task.case];
  if (!modes.includes(mode)) {
    throw new RefusedError(
      mlErrors.modeNotOffered,
      `task: ${mode} is not among ${modes.join(', ')}`,
    );
  }
  const check = (isRight: boolean, field: string, reason: string) => {
    if (!isRight) throw new RefusedError(mlErrors.invalidField, `${field}: ${reason}`);
  };
  for (const [field, side] of Object.entries(inputSizeOf(task))) {
    check(side % sizeMultiple === 0, field, `not a multiple of ${sizeMultiple}`);
    check(side >= minSize && side <= maxSize, field, `not from ${minSize} to ${maxSize}`);
  }
  const base = baseOf(task);
  if (base === undefined) return;
  check(base.steps <= maxSteps, 'steps', `above ${maxSteps}`);
  const isKnown = schedulers.includes(base.scheduler);
  check(isKnown, 'scheduler', `not among ${schedulers.join(', ')}`);
}
