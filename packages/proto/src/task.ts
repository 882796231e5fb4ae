import type { JobRequest, TextToImage } from './gen/semblance/ml/v1/types_pb.js';

/* What can be read off a task, so that all who ask read the same. */

/** A task that is there. */
export type Task = Exclude<JobRequest['task'], { case: undefined }>;

/** The name of each kind of task, as the .proto and the limits of models have it. */
export const MODES = {
  textToImage: 'text_to_image',
  imageToImage: 'image_to_image',
  inpaint: 'inpaint',
  control: 'control',
  upscale: 'upscale',
} as const satisfies Record<Task['case'], string>;

export type Mode = (typeof MODES)[keyof typeof MODES];

/** A file that a task begins from. */
export interface TaskInput {
  readonly name: 'image' | 'mask';
  readonly sha256: Uint8Array;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What to show and how to walk; upscaling has neither. */
export function baseOf({ case: mode, value }: Task): TextToImage | undefined {
  if (mode === 'textToImage') return value;
  return mode === 'upscale' ? undefined : value.base;
}

/** The files that a task begins from, in the order in which they are submitted. */
export function inputsOf({ case: mode, value }: Task): readonly TaskInput[] {
  if (mode === 'textToImage') return [];
  const image = { name: 'image', sha256: value.imageSha256 } as const;
  return mode === 'inpaint' ? [image, { name: 'mask', sha256: value.maskSha256 }] : [image];
}

/** Pixels of each input: of the result too, unless the task is to enlarge. */
export function inputSizeOf(task: Task): Size {
  const { width = 0, height = 0 } = (task.case === 'upscale' ? task.value : baseOf(task)) ?? {};
  return { width, height };
}

/** Pixels of the picture that is delivered. */
export function resultSizeOf(task: Task): Size {
  const { width, height } = inputSizeOf(task);
  return task.case === 'upscale' ? { width: 2 * width, height: 2 * height } : { width, height };
}
