import { fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { SCHEDULER_NAMES, type SchedulerName } from './schedulers/scheduler.ts';

/** A picture to make. The seed fixes the noise, so the same request means the same picture. */
export interface TextToImageRequest {
  /** 1 to 1024 bytes of UTF-8. */
  readonly prompt: string;
  /** What the picture should not show; 0 to 1024 bytes of UTF-8. */
  readonly negativePrompt: string;
  /** Unsigned 64-bit. */
  readonly seed: bigint;
  readonly steps: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Classifier-free guidance scale, 0 to 30; at 1 and below there is no guidance. */
  readonly guidance: number;
  readonly scheduler: SchedulerName;
}

/** What a model accepts, from its manifest. */
export interface RequestLimits {
  /** Width and height are multiples of this, a multiple of the model's latent factor. */
  readonly sizeMultiple: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly maxSteps: number;
  readonly schedulers: readonly SchedulerName[];
}

export const MAX_PROMPT_BYTES = 1024;
export const MAX_GUIDANCE = 30;

/** Throws {@link InvalidInputError} naming the first field that a model with `limits` cannot take. */
export function validateRequest(request: TextToImageRequest, limits: RequestLimits): void {
  assertText('prompt', request.prompt);
  if (request.prompt.trim() === '') throw new InvalidInputError('prompt', 'empty');
  assertText('negativePrompt', request.negativePrompt);
  assertSeed(request.seed);
  assertInteger('steps', request.steps, 1, limits.maxSteps);
  assertSize('width', request.width, limits);
  assertSize('height', request.height, limits);
  const { guidance } = request;
  if (typeof guidance !== 'number' || !(guidance >= 0 && guidance <= MAX_GUIDANCE)) {
    throw new InvalidInputError('guidance', `not a number from 0 to ${MAX_GUIDANCE}`);
  }
  if (
    !SCHEDULER_NAMES.includes(request.scheduler) ||
    !limits.schedulers.includes(request.scheduler)
  ) {
    throw new InvalidInputError('scheduler', `not one of ${limits.schedulers.join(', ')}`);
  }
}

function assertText(field: string, text: string): void {
  if (typeof text !== 'string') throw new InvalidInputError(field, 'not a string');
  // a UTF-16 unit is at least one byte, so the cheap check bounds the costly one
  if (text.length > MAX_PROMPT_BYTES || fromUtf8(text).length > MAX_PROMPT_BYTES) {
    throw new InvalidInputError(field, `longer than ${MAX_PROMPT_BYTES} bytes of UTF-8`);
  }
  if (!text.isWellFormed()) throw new InvalidInputError(field, 'holds a lone surrogate');
}

function assertSeed(seed: bigint): void {
  if (typeof seed !== 'bigint' || seed < 0n || seed >= 1n << 64n) {
    throw new InvalidInputError('seed', 'not an integer from 0 to 2^64 - 1');
  }
}

function assertSize(field: string, size: number, limits: RequestLimits): void {
  assertInteger(field, size, limits.minSize, limits.maxSize);
  if (size % limits.sizeMultiple !== 0) {
    throw new InvalidInputError(field, `not a multiple of ${limits.sizeMultiple}`);
  }
}

function assertInteger(field: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidInputError(field, `not an integer from ${min} to ${max}`);
  }
}
