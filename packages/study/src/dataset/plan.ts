import { InvalidInputError } from '@semblance/core/errors';
import type { TextToImageRequest } from '@semblance/inference/request';
import type { ImageClass } from './class-file.ts';

/** Everything that decides what a data set holds. Written down first, and never changed. */
export interface DatasetPlan {
  readonly format: typeof PLAN_FORMAT;
  readonly model: string;
  readonly request: Omit<TextToImageRequest, 'prompt' | 'negativePrompt' | 'seed'>;
  readonly origin: LocalOrigin | NetworkOrigin;
  readonly layout: Layout;
  /** Images in a tar archive. */
  readonly shardSize: number;
  /** Images a class, with the seeds from 1 to this. */
  readonly perClass: number;
  readonly classes: readonly ImageClass[];
}

export const PLAN_FORMAT = 'semblance/dataset/v1';

export const LAYOUTS = ['tar', 'folders'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Run on this machine. */
export interface LocalOrigin {
  readonly kind: 'local';
  readonly profile: string;
  /** Of the model, in hex. */
  readonly weightsRoot: string;
}

/** Run as jobs of a network; each image says which. */
export interface NetworkOrigin {
  readonly kind: 'network';
  readonly committeeSize: number;
}

/** One image to be made. */
export interface DatasetItem {
  /** From 0, in the order of classes and then seeds. */
  readonly index: number;
  /** Tells it from all others, sorts in their order, and has no dot: `0012-0345`. */
  readonly key: string;
  readonly class: ImageClass;
  readonly seed: number;
}

const MAX_IMAGES = 2 ** 26;
const MAX_SHARD_SIZE = 100_000;

/** @throws InvalidInputError naming the number that is out of range */
export function assertPlan({ perClass, shardSize, classes }: DatasetPlan): void {
  assertCount('per-class', perClass, Math.floor(MAX_IMAGES / classes.length));
  assertCount('shard-size', shardSize, MAX_SHARD_SIZE);
}

export function imageCount({ classes, perClass }: DatasetPlan): number {
  return classes.length * perClass;
}

/** The images from number `from` up to, not including, `to`. */
export function* itemsOf(plan: DatasetPlan, from: number, to: number): Generator<DatasetItem> {
  const { classes, perClass } = plan;
  const classDigits = Math.max(4, String(classes.at(-1)?.id).length);
  const seedDigits = Math.max(4, String(perClass).length);
  for (let index = from; index < to; index++) {
    const of = classes[Math.floor(index / perClass)] as ImageClass;
    const seed = (index % perClass) + 1;
    const key = `${digits(of.id, classDigits)}-${digits(seed, seedDigits)}`;
    yield { index, key, class: of, seed };
  }
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

function assertCount(field: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new InvalidInputError(field, `not an integer from 1 to ${most}: ${value}`);
  }
}
