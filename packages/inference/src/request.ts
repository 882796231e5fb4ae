import { fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { SCHEDULER_NAMES, type SchedulerName } from './schedulers/scheduler.ts';
import { skippedSteps } from './schedulers/timesteps.ts';

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

/** Another picture in the likeness of one. */
export interface ImageToImageRequest extends TextToImageRequest {
  /** A PNG or JPEG file of exactly width x height. */
  readonly image: Uint8Array;
  /**
   * How far from the picture, above 0 and up to 1: the share of the steps that is walked, rounded
   * down, of which at least one must be left.
   */
  readonly strength: number;
}

/** A picture of which the white of a mask is painted anew. */
export interface InpaintRequest extends ImageToImageRequest {
  /** A PNG or JPEG file of exactly width x height; white, luma of half and more, is painted. */
  readonly mask: Uint8Array;
  /** Pixels outside the mask: as the model decodes them, or pasted back from the original. */
  readonly unmasked: 'decoded' | 'original';
}

/** A picture that follows the lines of another. */
export interface ControlRequest extends TextToImageRequest {
  /** A PNG or JPEG file of exactly width x height: what the control network was trained to see. */
  readonly image: Uint8Array;
  /** Factor on what the control network adds, 0 to 2. */
  readonly conditioningScale: number;
}

/** A picture at twice its size. */
export interface UpscaleRequest {
  /** A PNG or JPEG file of exactly width x height. */
  readonly image: Uint8Array;
  /** Pixels, of the given picture. */
  readonly width: number;
  readonly height: number;
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
const MAX_CONDITIONING_SCALE = 2;

/** Throws {@link InvalidInputError} naming the first field that a model with `limits` cannot take. */
export function validateRequest(request: TextToImageRequest, limits: RequestLimits): void {
  assertText('prompt', request.prompt);
  if (request.prompt.trim() === '') throw new InvalidInputError('prompt', 'empty');
  assertText('negativePrompt', request.negativePrompt);
  assertSeed(request.seed);
  assertInteger('steps', request.steps, 1, limits.maxSteps);
  assertSize('width', request.width, limits);
  assertSize('height', request.height, limits);
  assertReal('guidance', request.guidance, MAX_GUIDANCE);
  if (
    !SCHEDULER_NAMES.includes(request.scheduler) ||
    !limits.schedulers.includes(request.scheduler)
  ) {
    throw new InvalidInputError('scheduler', `not one of ${limits.schedulers.join(', ')}`);
  }
}

/**
 * As {@link validateRequest}. What `image` holds is checked when it is decoded.
 */
export function validateImageToImage(
  request: Omit<ImageToImageRequest, 'image'>,
  limits: RequestLimits,
): void {
  validateRequest(request, limits);
  const { steps, strength } = request;
  if (typeof strength !== 'number' || !(strength > 0 && strength <= 1)) {
    throw new InvalidInputError('strength', 'not a number above 0 and up to 1');
  }
  if (skippedSteps(steps, strength) === steps) {
    throw new InvalidInputError('strength', `leaves none of ${steps} steps to walk`);
  }
}

/** As {@link validateRequest}. What `image` and `mask` hold is checked when they are decoded. */
export function validateInpaint(
  request: Omit<InpaintRequest, 'image' | 'mask'>,
  limits: RequestLimits,
): void {
  validateImageToImage(request, limits);
  if (request.unmasked !== 'decoded' && request.unmasked !== 'original') {
    throw new InvalidInputError('unmasked', 'not one of decoded, original');
  }
}

/** As {@link validateRequest}. What `image` holds is checked when it is decoded. */
export function validateControl(
  request: Omit<ControlRequest, 'image'>,
  limits: RequestLimits,
): void {
  validateRequest(request, limits);
  assertReal('conditioningScale', request.conditioningScale, MAX_CONDITIONING_SCALE);
}

/** As {@link validateRequest}. What `image` holds is checked when it is decoded. */
export function validateUpscale(
  { width, height }: Omit<UpscaleRequest, 'image'>,
  limits: RequestLimits,
): void {
  assertSize('width', width, limits);
  assertSize('height', height, limits);
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

function assertReal(field: string, value: number, max: number): void {
  if (typeof value !== 'number' || !(value >= 0 && value <= max)) {
    throw new InvalidInputError(field, `not a number from 0 to ${max}`);
  }
}

function assertInteger(field: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InvalidInputError(field, `not an integer from ${min} to ${max}`);
  }
}
