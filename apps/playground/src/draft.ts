import type { JobRequest } from './job.ts';
import { type Model, sizesOf } from './model.ts';

/** What the composer holds: a request still being written. */
export interface Draft {
  readonly model: string;
  readonly prompt: string;
  readonly negativePrompt: string;
  /** Decimal digits as typed; the sequencer judges them. */
  readonly seed: string;
  readonly seedLocked: boolean;
  readonly steps: number;
  readonly size: number;
  readonly guidance: number;
  readonly scheduler: string;
  readonly committeeSize: number;
  /** The lines to follow, or null. */
  readonly control: ControlPicture | null;
}

export interface ControlPicture {
  /** A data URL of a PNG, or `sha256:` and the hash of a file that the network knows. */
  readonly picture: string;
  /** How closely to follow, 0..2. */
  readonly scale: number;
}

/** A seed short enough to read aloud, from the platform's random source. */
export function randomSeed(): string {
  return String(crypto.getRandomValues(new Uint32Array(1))[0]);
}

const PREFERRED_COMMITTEE = 3;

/** The smallest committee of at least three that the model allows, else its largest. */
function committeeFor(model: Model): number {
  const sizes = model.profile.committeeSizes;
  return sizes.find((size) => size >= PREFERRED_COMMITTEE) ?? sizes.at(-1) ?? PREFERRED_COMMITTEE;
}

export function draftFor(model: Model, prompt: string): Draft {
  return {
    model: model.id,
    prompt,
    negativePrompt: '',
    seed: randomSeed(),
    seedLocked: false,
    steps: model.defaults.steps,
    size: sizesOf(model).includes(model.defaults.width)
      ? model.defaults.width
      : (sizesOf(model)[0] ?? model.defaults.width),
    guidance: model.defaults.guidance,
    scheduler: model.defaults.scheduler,
    committeeSize: committeeFor(model),
    control: null,
  };
}

/** A draft that asks for an earlier job again; the seed is kept until it is unlocked. */
export function draftOf(request: JobRequest, committeeSize: number): Draft {
  return {
    model: request.model,
    prompt: request.prompt,
    negativePrompt: request.negativePrompt,
    seed: request.seed,
    seedLocked: true,
    steps: request.steps,
    size: request.width,
    guidance: request.guidance,
    scheduler: request.scheduler,
    committeeSize,
    control: controlOf(request),
  };
}

function controlOf({ mode, inputs, conditioningScale }: JobRequest): ControlPicture | null {
  const [input] = inputs;
  if (mode !== 'control' || input === undefined) return null;
  return { picture: `sha256:${input.sha256}`, scale: conditioningScale ?? 1 };
}

/** The body of POST /v1/jobs. */
export function bodyOf(draft: Draft): Readonly<Record<string, string | number>> {
  return {
    model: draft.model,
    prompt: draft.prompt,
    size: `${draft.size}x${draft.size}`,
    seed: draft.seed.trim(),
    steps: draft.steps,
    guidance_scale: draft.guidance,
    scheduler: draft.scheduler,
    committee_size: draft.committeeSize,
    ...(draft.negativePrompt === '' ? {} : { negative_prompt: draft.negativePrompt }),
    ...(draft.control && {
      control_image: draft.control.picture,
      conditioning_scale: draft.control.scale,
    }),
  };
}

/** The same request as a shell command, quoted for POSIX shells. */
export function curlOf(draft: Draft, origin: string): string {
  if (draft.control?.picture.startsWith('data:')) return formCurlOf(draft, origin);
  const body = JSON.stringify(bodyOf(draft), null, 2).replaceAll("'", String.raw`'\''`);
  return `curl ${origin}/v1/images/generations \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
}

/** With a picture of one's own, which is a file then. */
function formCurlOf(draft: Draft, origin: string): string {
  const fields = Object.entries({ ...bodyOf(draft), control_image: '@control.png' });
  const lines = fields.map(([name, value]) => {
    return `-F '${name}=${String(value).replaceAll("'", String.raw`'\''`)}'`;
  });
  return `curl ${origin}/v1/images/generations \\\n  ${lines.join(' \\\n  ')}`;
}
