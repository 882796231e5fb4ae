import { fileURLToPath } from 'node:url';
import { profileNamed } from '@semblance/inference/profiles';
import { loadPipeline, type Pipeline } from '@semblance/inference/text-to-image';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Adversary } from '../../src/adversaries/adversary.ts';
import { ADVERSARIES } from '../../src/adversaries/all.ts';
import { TRAJECTORY_ADVERSARIES } from '../../src/adversaries/trajectory.ts';

const modelDir = fileURLToPath(new URL('../../../inference/test/fixtures/tiny', import.meta.url));

function named(name: string): Adversary {
  return ADVERSARIES.find((one) => one.name === name) as Adversary;
}

describe('who hands in a picture of another job', () => {
  const SIZE = { classes: 4, seeds: 3 };
  const jobOf = (name: string, at: { class: number; seed: number }, size = SIZE) => {
    const { makes } = named(name);
    return makes.way === 'reuse' ? makes.jobOf(at, size) : undefined;
  };

  test.each([
    ['wrong-seed', { class: 1, seed: 2 }, { class: 1, seed: 0 }],
    ['wrong-prompt', { class: 3, seed: 2 }, { class: 0, seed: 2 }],
    ['cached-other-seed', { class: 1, seed: 2 }, { class: 1, seed: 0 }],
    ['cached-other-seed', { class: 1, seed: 0 }, { class: 1, seed: 1 }],
    ['cached-other-job', { class: 1, seed: 2 }, { class: 3, seed: 0 }],
    ['echo', { class: 1, seed: 2 }, { class: 1, seed: 2 }],
  ])('%s of %j takes that of %j', (name, at, from) => {
    expect(jobOf(name, at)).toEqual(from);
  });

  test('has none where the study has no other job', () => {
    expect(jobOf('wrong-seed', { class: 1, seed: 0 }, { classes: 2, seeds: 1 })).toBeUndefined();
    expect(jobOf('wrong-prompt', { class: 0, seed: 1 }, { classes: 1, seeds: 2 })).toBeUndefined();
  });
});

describe('who does less work', () => {
  const asked = {
    prompt: 'a cat',
    negativePrompt: '',
    seed: 7n,
    steps: 20,
    width: 64,
    height: 48,
    guidance: 4,
    scheduler: 'unipc',
  } as const;
  const limits = { minSize: 32, sizeMultiple: 16 };
  const changeOf = (name: string) => {
    const { makes } = named(name);
    return makes.way === 'run' ? { ...makes.requestOf(asked, limits) } : undefined;
  };

  test.each([
    ['steps-10', { steps: 10 }],
    ['steps-4', { steps: 4 }],
    ['no-guidance', { guidance: 1 }],
    ['scheduler-ddim', { scheduler: 'ddim' }],
    ['scheduler-euler', { scheduler: 'euler' }],
    ['half-size', { width: 32, height: 32 }],
    ['int8-weights', {}],
    ['int4-weights', {}],
  ])('%s changes %j and nothing else', (name, change) => {
    expect(changeOf(name)).toEqual({ ...asked, ...change });
  });
});

describe('who forges a trajectory', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await loadPipeline(modelDir, profileNamed('native-f32'));
  });
  afterAll(() => pipeline.release());

  const request = {
    prompt: 'a red cat',
    negativePrompt: '',
    seed: 3n,
    steps: 6,
    width: 32,
    height: 32,
    guidance: 4,
    scheduler: 'unipc',
  } as const;
  const other = { ...request, prompt: 'a blue dog' };

  test.each(TRAJECTORY_ADVERSARIES.filter(({ profile }) => profile === undefined))(
    '$name commits to as many latents as an honest run, and says which steps it forged',
    async (adversary) => {
      const { name } = adversary;
      const honest = await pipeline.generate(request);
      const { latents, forged } = await adversary.commit(pipeline, { request, other, turn: 1 });
      expect(latents.map(({ length }) => length)).toEqual(
        honest.latents.map(({ length }) => length),
      );
      const noiseIsHonest = latents[0]?.every((x, i) => x === honest.latents[0]?.[i]);
      expect(noiseIsHonest).toBe(name !== 'wrong-seed');
      if (name === 'wrong-seed') expect(forged).toEqual([]);
      // up to the first forged step it is the honest walk
      const first = forged[0] ?? 1;
      expect(latents.slice(1, first)).toEqual(
        name === 'wrong-seed' ? [] : honest.latents.slice(1, first),
      );
      expect(latents[first]).not.toEqual(honest.latents[first]);
    },
  );
});
