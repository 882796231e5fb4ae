import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8, toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { loadManifest, type Manifest } from '@semblance/inference/manifest';
import { PROFILES, profileNamed } from '@semblance/inference/profiles';
import type { TextToImageRequest } from '@semblance/inference/request';
import { versions } from '@semblance/inference/versions';
import type { JobPlace, StudySize } from '../adversaries/adversary.ts';
import { ADVERSARY_NAMES, requireAdversary } from '../adversaries/all.ts';

/** Everything that decides a study's pictures. Plain data: equal plans give equal pictures. */
export interface StudyPlan {
  readonly format: 'semblance/study-plan/v1';
  readonly model: string;
  readonly weightsRoot: string;
  /** The request that all jobs share but for prompt and seed. */
  readonly request: Omit<TextToImageRequest, 'prompt' | 'seed'>;
  readonly classes: readonly StudyClass[];
  /** Seeds a class: 0 to this less one. */
  readonly seeds: number;
  /** Names; the first is the reference, as which adversaries run. */
  readonly profiles: readonly string[];
  readonly adversaries: readonly string[];
  /** How many jobs have their steps replayed. */
  readonly replays: number;
  readonly versions: Readonly<Record<string, string>>;
}

interface StudyClass {
  readonly name: string;
  readonly prompt: string;
}

export interface StudyOptions {
  /** The model's folder. */
  readonly modelDir: string;
  readonly profiles: readonly string[] | undefined;
  /** The first so many of the model's classes. */
  readonly classes: number | undefined;
  readonly seeds: number;
  readonly adversaries: readonly string[] | undefined;
  readonly replays: number;
}

const MAX_CLASSES = 100_000;
const MAX_JOBS = 1_000_000;

/** @throws InvalidInputError naming the option, ModelFileError naming the file. */
export async function makePlan(options: StudyOptions): Promise<StudyPlan> {
  const { modelDir, seeds } = options;
  const manifest = await loadManifest(modelDir);
  const all = await classesOf(modelDir, manifest);
  const classes = all.slice(0, requireCount('classes', options.classes ?? all.length, all.length));
  requireCount('seeds', seeds, Math.floor(MAX_JOBS / classes.length));
  const jobs = classes.length * seeds;
  if (jobs < 2) {
    throw new InvalidInputError('seeds', 'one job is no study: it takes two classes or two seeds');
  }
  const profiles = unique('profiles', options.profiles ?? PROFILES.map(({ name }) => name));
  for (const name of profiles) profileNamed(name);
  if (profiles.length < 2) throw new InvalidInputError('profiles', 'likeness takes two at least');
  const adversaries = unique('adversaries', options.adversaries ?? ADVERSARY_NAMES);
  for (const name of adversaries) requireAdversary(name);
  const { defaults } = manifest;
  return {
    format: 'semblance/study-plan/v1',
    model: manifest.id,
    weightsRoot: manifest.weightsRoot,
    request: { ...defaults, negativePrompt: '' },
    classes,
    seeds,
    profiles,
    adversaries,
    replays: Math.min(jobs, requireCount('replays', options.replays, MAX_JOBS)),
    versions: versions(),
  };
}

/** SHA-256 of a plan in hexadecimal. */
export function planId(plan: StudyPlan): string {
  return toHex(sha256(fromUtf8(JSON.stringify(plan))));
}

export function sizeOf({ classes, seeds }: StudyPlan): StudySize {
  return { classes: classes.length, seeds };
}

export function jobCount({ classes, seeds }: StudyPlan): number {
  return classes.length * seeds;
}

/** Jobs go class by class for the first seed, then for the second: neighbours are of two classes. */
export function placeOf({ classes }: StudyPlan, job: number): JobPlace {
  return { class: job % classes.length, seed: Math.floor(job / classes.length) };
}

export function jobAt({ classes }: StudyPlan, place: JobPlace): number {
  return place.seed * classes.length + place.class;
}

export function requestOf(plan: StudyPlan, job: number): TextToImageRequest {
  const place = placeOf(plan, job);
  const { prompt } = plan.classes[place.class] as StudyClass;
  return { ...plan.request, prompt, seed: BigInt(place.seed) };
}

/** The jobs whose steps are replayed, spread over all. */
export function replayedJobs(plan: StudyPlan): number[] {
  const jobs = jobCount(plan);
  return Array.from({ length: plan.replays }, (_, n) => Math.floor((n * jobs) / plan.replays));
}

/** concepts.json beside the model, or else the prompts that its manifest suggests. */
async function classesOf(modelDir: string, manifest: Manifest): Promise<StudyClass[]> {
  const known = await readConcepts(join(modelDir, 'concepts.json'));
  const classes = known ?? manifest.suggestedPrompts.map((prompt) => ({ name: prompt, prompt }));
  if (classes.length === 0) throw new InvalidInputError('model', 'has no classes to draw');
  return classes;
}

async function readConcepts(path: string): Promise<StudyClass[] | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new InvalidInputError('model', `${path} cannot be read`, { cause: error });
  }
  try {
    const { concepts } = JSON.parse(text) as { concepts: Record<string, unknown>[] };
    return concepts.slice(0, MAX_CLASSES).map(({ name, prompt }) => {
      if (typeof name !== 'string' || typeof prompt !== 'string') throw new TypeError('no prompt');
      return { name, prompt };
    });
  } catch (cause) {
    throw new InvalidInputError('model', `${path} is no list of concepts`, { cause });
  }
}

function requireCount(field: string, count: number, most: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new InvalidInputError(field, `not an integer from 1 to ${most}: ${count}`);
}

function unique(field: string, names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InvalidInputError(field, `${twice} is named twice`);
  return names;
}
