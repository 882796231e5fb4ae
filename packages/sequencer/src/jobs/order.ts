import { fromUtf8 } from '@semblance/core/bytes';
import { MAX_GUIDANCE, MAX_PROMPT_BYTES } from '@semblance/inference/request';
import type { Mode, Size } from '@semblance/proto/task';
import { invalidField, notFound } from '../errors.ts';
import { type PictureSource, pictureField } from '../pictures/source.ts';
import type { ModelView } from '../views.ts';
import {
  type Body,
  choiceField,
  integerField,
  isGiven,
  numberField,
  textField,
  uint64Field,
} from './fields.ts';

/** What to show and how to walk; everything but the seed, which each image has for itself. */
interface Words {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly steps: number;
  /** Thousandths. */
  readonly guidanceMilli: number;
  readonly scheduler: string;
}

/** Pictures to begin from, by the names of their fields. */
export type PictureName = 'image' | 'mask' | 'control_image';

/** What a request asks for. */
export interface ImagesOrder {
  readonly model: ModelView;
  readonly mode: Mode;
  /** Undefined for an enlargement. */
  readonly words: Words | undefined;
  /** Seed of the first image; drawn by the sequencer when not given. */
  readonly seed: bigint | undefined;
  /** Thousandths; read where the mode has them. */
  readonly strengthMilli: number;
  readonly conditioningScaleMilli: number;
  /** Of the input of an enlargement. Undefined: that of the picture, or the model's usual one. */
  readonly size: Size | undefined;
  /** Those that the mode begins from, in the order of its task's fields. */
  readonly pictures: readonly (readonly [PictureName, PictureSource])[];
  readonly committeeSize: number;
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
const MAX_CONDITIONING_SCALE = 2;

/** As diffusers has them, but for a variation, which here is to stay one. */
const USUAL_STRENGTH = { image_to_image: 0.6, inpaint: 1 } as const;

const PICTURES: Readonly<Record<Mode, readonly PictureName[]>> = {
  text_to_image: [],
  image_to_image: ['image'],
  inpaint: ['image', 'mask'],
  control: ['control_image'],
  upscale: ['image'],
};

/**
 * Reads a request's fields in OpenAI's shape. Those that are not known are ignored, as OpenAI does.
 *
 * @param modes those that the route is for, its usual one first
 *
 * Throws ApiError naming the field that is wrong.
 */
export function parseImagesOrder(
  body: Body,
  models: readonly ModelView[],
  bounds: ChainBounds,
  modes: readonly Mode[],
): ImagesOrder {
  // Ignoring it would leave the caller waiting for a stream that never comes.
  if (body.stream === true || body.stream === 'true') {
    throw invalidField('stream', 'not supported; see /v1/jobs/{id}/events');
  }
  const model = chosenModel(body, models);
  const mode = chosenMode(body, model, modes);
  const words = mode === 'upscale' ? undefined : parseWords(body, model, bounds);
  return {
    model,
    mode,
    words,
    seed: uint64Field(body, 'seed'),
    strengthMilli: parseStrength(body, mode, words),
    conditioningScaleMilli: thousandths(body, 'conditioning_scale', MAX_CONDITIONING_SCALE) ?? 1000,
    size: parseSize(body, model, bounds.maxPixels),
    pictures: PICTURES[mode].map((name) => [name, pictureField(body, name)]),
    committeeSize: committeeSize(body, model),
    count: integerField(body, 'n', 1, mode === 'upscale' ? 1 : MAX_IMAGES) ?? 1,
    responseFormat: choiceField(body, 'response_format', ['url', 'b64_json']) ?? 'url',
  };
}

/** The same for one job, of any mode: `n` may only be 1. */
export function parseJobOrder(
  body: Body,
  models: readonly ModelView[],
  bounds: ChainBounds,
): ImagesOrder {
  const order = parseImagesOrder(body, models, bounds, [
    'text_to_image',
    'image_to_image',
    'inpaint',
    'control',
    'upscale',
  ]);
  if (order.count !== 1) throw invalidField('n', 'a job makes one image; submit several jobs');
  return order;
}

function chosenModel(body: Body, models: readonly ModelView[]): ModelView {
  const id = textField(body, 'model');
  const model = id === undefined ? models[0] : models.find((one) => one.id === id);
  if (model) return model;
  const message =
    id === undefined ? 'the network has no model' : `the model '${id.slice(0, 64)}' does not exist`;
  throw notFound('model_not_found', message, 'model');
}

/** As asked for, or what the pictures that came with the request are for. */
function chosenMode(body: Body, model: ModelView, modes: readonly Mode[]): Mode {
  const meant = MEANT_BY.find(([name, mode]) => modes.includes(mode) && isGiven(body, name))?.[1];
  const mode = choiceField(body, 'mode', modes) ?? meant ?? (modes[0] as Mode);
  if (model.limits.modes.includes(mode)) return mode;
  const offered = model.limits.modes.join(', ');
  throw invalidField('mode', `${model.id} offers ${offered}, not ${mode}`, 'mode_not_offered');
}

/** What a picture means that comes without a mode; a mask comes with an image. */
const MEANT_BY: readonly (readonly [PictureName, Mode])[] = [
  ['mask', 'inpaint'],
  ['control_image', 'control'],
  ['image', 'image_to_image'],
];

function parseWords(body: Body, { defaults, limits }: ModelView, bounds: ChainBounds): Words {
  const maxBytes = Math.min(bounds.maxPromptBytes, MAX_PROMPT_BYTES);
  const prompt = boundedText(body, 'prompt', maxBytes);
  if (prompt === undefined) {
    throw invalidField('prompt', 'required', 'missing_required_parameter');
  }
  if (prompt.trim() === '') throw invalidField('prompt', 'empty');
  return {
    prompt,
    negativePrompt: boundedText(body, 'negative_prompt', maxBytes) ?? '',
    steps: integerField(body, 'steps', 1, limits.max_steps) ?? defaults.steps,
    guidanceMilli:
      thousandths(body, 'guidance_scale', MAX_GUIDANCE) ?? Math.round(defaults.guidance * 1000),
    scheduler: choiceField(body, 'scheduler', limits.schedulers) ?? defaults.scheduler,
  };
}

function thousandths(body: Body, field: string, max: number): number | undefined {
  const value = numberField(body, field, 0, max);
  return value === undefined ? undefined : Math.round(value * 1000);
}

function parseStrength(body: Body, mode: Mode, words: Words | undefined): number {
  const usual = mode === 'image_to_image' || mode === 'inpaint' ? USUAL_STRENGTH[mode] : 1;
  const milli = thousandths(body, 'strength', 1) ?? usual * 1000;
  const steps = words?.steps ?? 1;
  if (steps * milli < 1000) throw invalidField('strength', `leaves none of ${steps} steps to walk`);
  return milli;
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

function parseSize(body: Body, { limits }: ModelView, maxPixels: number): Size | undefined {
  const size = textField(body, 'size');
  if (size === undefined || size === 'auto') return undefined;
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
