import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPipeline, type Pipeline } from '../src/diffusion/pipeline.ts';
import { relativeL2, replayOf } from '../src/diffusion/replay.ts';
import { profileNamed } from '../src/profiles.ts';
import { SCHEDULER_NAMES, type SchedulerName } from '../src/schedulers/scheduler.ts';

const model = fileURLToPath(new URL('fixtures/tiny', import.meta.url));
const STEPS = 8;

describe('steps replayed from committed latents', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await loadPipeline(model, profileNamed('native-f32'));
  });
  afterAll(() => pipeline.release());

  const requestOf = (scheduler: SchedulerName) => ({
    prompt: 'a red cat',
    negativePrompt: '',
    seed: 42n,
    steps: STEPS,
    width: 16,
    height: 16,
    guidance: 4,
    scheduler,
  });

  async function distances(scheduler: SchedulerName, latents: readonly Float32Array[]) {
    const replay = replayOf(await pipeline.openWalk(requestOf(scheduler)), latents);
    const found: number[] = [];
    // backwards, since no step may depend on another having been replayed
    for (let step = STEPS; step >= 1; step--) {
      found.unshift(relativeL2(await replay.latentAfter(step), latents[step] as Float32Array));
    }
    return found;
  }

  test.each(SCHEDULER_NAMES)('%s: are what an honest run committed to', async (scheduler) => {
    const { latents } = await pipeline.generate(requestOf(scheduler));
    for (const distance of await distances(scheduler, latents)) expect(distance).toBeLessThan(2e-6);
  });

  test.each(SCHEDULER_NAMES)('%s: show a latent that was changed', async (scheduler) => {
    const { latents } = await pipeline.generate(requestOf(scheduler));
    const forged = latents.map((latent, at) => (at === 4 ? latent.map((x) => x * 1.01) : latent));
    const found = await distances(scheduler, forged);
    expect(found[3]).toBeGreaterThan(5e-3);
    for (const before of found.slice(0, 3)) expect(before).toBeLessThan(2e-6);
  });

  test('another scheduler is not what was asked for', async () => {
    const { latents } = await pipeline.generate(requestOf('ddim'));
    const found = await distances('unipc', latents);
    // both schedulers begin with a step of order 1
    for (const distance of found.slice(1)) expect(distance).toBeGreaterThan(1e-3);
  });

  test('refuses latents that are no trajectory', async () => {
    const walk = await pipeline.openWalk(requestOf('unipc'));
    const { latents } = await pipeline.generate(requestOf('unipc'));
    expect(() => replayOf(walk, latents.slice(1))).toThrow('latents: 8 of 8 steps');
    const odd = latents.map((latent, at) => (at === 3 ? latent.slice(1) : latent));
    expect(() => replayOf(walk, odd)).toThrow('latents: latent 3 is of another size');
    await expect(replayOf(walk, latents).latentAfter(9)).rejects.toThrow('step: not from 1 to 8');
  });
});

test('relative distance', () => {
  expect(relativeL2(Float32Array.of(3, 4), Float32Array.of(3, 4))).toBe(0);
  expect(relativeL2(Float32Array.of(0, 0), Float32Array.of(3, 4))).toBe(1);
  expect(relativeL2(Float32Array.of(1), Float32Array.of(0))).toBe(Number.POSITIVE_INFINITY);
});
