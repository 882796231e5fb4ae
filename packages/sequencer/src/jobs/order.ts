import { fromUtf8 } from '@semblance/core/bytes';
import { MAX_GUIDANCE, MAX_PROMPT_BYTES } from '@semblance/inference/request';
import { invalidField, notFound } from '../errors.ts';
import type { ModelView } from '../views.ts';
import {
  type Body,
  choiceField,
  integerField,
  numberField,
  textField,
  uint64Field,
} from './fields.ts';

/** What one image is asked to be; everything but the seed, which each image has for itself. */
interface Order {
  readonly model: ModelView;
  readonly prompt: string;
  readonly negativePrompt: string;
  /** Seed of the first image; drawn by the sequencer when not given. */
  readonly seed: bigint | undefined;
  readonly steps: number;
  readonly width: number;
  readonly height: number;
  /** Thousandths. */
  readonly guidanceMilli: number;
  readonly scheduler: string;
  readonly committeeSize: number;
}

export interface ImagesOrder extends Order {
  /** Images to make, each a job of its own. */
  readonly count: number;
  readonly responseFormat: 'url' | 'b64_json';
}

/** The chain's bounds that hold for every model. */
export interface ChainBounds {
  readonly maxPromptBytes: number;
  readonly maxPixels: number;
}

const MAX_IMAGES = 4;

/**
 * Reads a request body in OpenAI's shape. Fields that are not known are ignored, as OpenAI does.
 *
 * Throws ApiError naming the field that is wrong.
 */
export function parseImagesOrder(
  body: Body,
  models: readonly ModelView[],
  bounds: ChainBounds,
): ImagesOrder {
  // Ignoring it would leave the caller waiting for a stream that never comes.
  if (body.stream === true) throw invalidField('stream', 'not supported; see /v1/jobs/{id}/events');
  return {
    ...parseOrder(body, models, bounds),
    count: integerField(body, 'n', 1, MAX_IMAGES) ?? 1,
    responseFormat: choiceField(body, 'response_format', ['url', 'b64_json']) ?? 'url',
  };
}

/** The same for one job: `n` may only be 1. */
export function parseJobOrder(
  body: Body,
  models: readonly ModelView[],
  bounds: ChainBounds,
): ImagesOrder {
  const order = parseImagesOrder(body, models, bounds);
  if (order.count !== 1) throw invalidField('n', 'a job makes one image; submit several jobs');
  return order;
}

function parseOrder(body: Body, models: readonly ModelView[], bounds: ChainBounds): Order {
  const model = chosenModel(body, models);
  const { defaults, limits } = model;
  const maxBytes = Math.min(bounds.maxPromptBytes, MAX_PROMPT_BYTES);
  const prompt = boundedText(body, 'prompt', maxBytes);
  if (prompt === undefined) {
    throw invalidField('prompt', 'required', 'missing_required_parameter');
  }
  if (prompt.trim() === '') throw invalidField('prompt', 'empty');
  const guidance = numberField(body, 'guidance_scale', 0, MAX_GUIDANCE) ?? defaults.guidance;
  return {
    model,
    prompt,
    negativePrompt: boundedText(body, 'negative_prompt', maxBytes) ?? '',
    seed: uint64Field(body, 'seed'),
    steps: integerField(body, 'steps', 1, limits.max_steps) ?? defaults.steps,
    ...parseSize(body, model, bounds.maxPixels),
    guidanceMilli: Math.round(guidance * 1000),
    scheduler: choiceField(body, 'scheduler', limits.schedulers) ?? defaults.scheduler,
    committeeSize: committeeSize(body, model),
  };
}

function chosenModel(body: Body, models: readonly ModelView[]): ModelView {
  const id = textField(body, 'model');
  const model = id === undefined ? models[0] : models.find((one) => one.id === id);
  if (model) return model;
  const message =
    id === undefined ? 'the network has no model' : `the model '${id.slice(0, 64)}' does not exist`;
  throw notFound('model_not_found', message, 'model');
}

function boundedText(body: Body, field: string, maxBytes: number): string | undefined {
  const text = textField(body, field);
  if (text !== undefined && (text.length > maxBytes || fromUtf8(text).length > maxBytes)) {
    throw invalidField(field, `longer than ${maxBytes} bytes of UTF-8`, 'string_above_max_length');
  }
  if (text !== undefined && CONTROL.test(text)) throw invalidField(field, 'has control characters');
  return text;
}

/** As the chain has it: all but tab and line feed. */
const CONTROL = /[^\P{Cc}\t\n]/u;

function parseSize(body: Body, { defaults, limits }: ModelView, maxPixels: number) {
  const size = textField(body, 'size');
  if (size === undefined || size === 'auto') {
    return { width: defaults.width, height: defaults.height };
  }
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(size);
  if (!match) throw invalidField('size', 'not like "64x64"');
  const [width, height] = [Number(match[1]), Number(match[2])];
  const { min_size: min, max_size: max, size_multiple: multiple } = limits;
  for (const side of [width, height]) {
    if (side < min || side > max) throw invalidField('size', `sides are from ${min} to ${max}`);
    if (side % multiple !== 0) throw invalidField('size', `sides are multiples of ${multiple}`);
  }
  if (width * height > maxPixels) throw invalidField('size', `more than ${maxPixels} pixels`);
  return { width, height };
}

const USUAL_COMMITTEE = 3;

function committeeSize(body: Body, { profile }: ModelView): number {
  const sizes = profile.committee_sizes;
  const asked = integerField(body, 'committee_size', 1, 7);
  if (asked === undefined) {
    return sizes.includes(USUAL_COMMITTEE) ? USUAL_COMMITTEE : (sizes[0] ?? 1);
  }
  if (!sizes.includes(asked))
    throw invalidField('committee_size', `not one of ${sizes.join(', ')}`);
  return asked;
}
