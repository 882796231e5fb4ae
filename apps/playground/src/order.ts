import { randomSeed } from './draft.ts';
import { type Job, resultSizeOf } from './job.ts';
import { type Model, sizesOf } from './model.ts';

/** What a job goes on with: a picture that was delivered, and the model to work on it. */
export interface Going {
  readonly job: Job;
  readonly model: Model;
  /** The delivered file. */
  readonly sha256: string;
}

export interface Change {
  readonly prompt: string;
  readonly strength: number;
  /** See-through where to paint; null changes the whole picture. */
  readonly mask: Blob | null;
}

/** A form that asks for a change of the picture, with the settings that it was made with. */
export function changeOrder({ job, model, sha256 }: Going, change: Change): FormData {
  const { request } = job;
  const had = request.steps > 0 ? request : { ...request, ...model.defaults };
  return formOf({
    mode: change.mask === null ? 'image_to_image' : 'inpaint',
    model: model.id,
    prompt: change.prompt,
    image: `sha256:${sha256}`,
    mask: change.mask,
    strength: change.strength,
    negative_prompt: request.negativePrompt || null,
    seed: randomSeed(),
    steps: Math.max(had.steps, Math.ceil(1 / change.strength)),
    guidance_scale: had.guidance,
    scheduler: had.scheduler,
    committee_size: job.committeeSize,
  });
}

export function enlargeOrder({ job, model, sha256 }: Going): FormData {
  return formOf({
    mode: 'upscale',
    model: model.id,
    image: `sha256:${sha256}`,
    committee_size: job.committeeSize,
  });
}

/** Whether the model takes pictures of this size to change; an enlarged one may be too large. */
export function canChange({ job, model }: Going): boolean {
  const { width, height } = resultSizeOf(job.request);
  const sizes = sizesOf(model);
  return sizes.includes(width) && sizes.includes(height);
}

/** Whether the model enlarges pictures of this size. */
export function canEnlarge({ job, model }: Going): boolean {
  const { width, height } = resultSizeOf(job.request);
  return model.limits.modes.includes('upscale') && Math.max(width, height) <= model.limits.maxSize;
}

function formOf(fields: Readonly<Record<string, string | number | Blob | null>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) form.append(name, value, `${name}.png`);
    else if (value !== null) form.append(name, String(value));
  }
  return form;
}
