import { seedNoise } from '@semblance/inference/noise';
import type { Adversary, Reuse } from './adversary.ts';

/** Pictures that are not of this job at all. Whoever hands them in has done no work. */
export const OTHER_PICTURES: readonly Adversary[] = [
  {
    name: 'random-output',
    title: 'Random pixels; the model is never loaded',
    group: 'other-picture',
    decidedBy: ['likeness'],
    because: 'No two results of random pixels are alike, so two of them do not agree either.',
    makes: {
      way: 'alter',
      alter: async ({ request: { seed, width, height } }) => {
        const noise = seedNoise(seed, RANDOM_STREAM, width * height * 3);
        const data = Uint8Array.from(noise, (x) => Math.abs(Math.trunc(x * 1000)) % 256);
        return { width, height, channels: 3, data };
      },
    },
  },
  {
    name: 'wrong-seed',
    title: 'The right prompt with another seed',
    group: 'other-picture',
    decidedBy: ['likeness', 'spot-check'],
    because: 'Its latent 0 is not the noise of the seed, which is compared bit for bit.',
    makes: anotherJob(({ class: c, seed }, { seeds }) => ({ class: c, seed: (seed + 1) % seeds })),
  },
  {
    name: 'wrong-prompt',
    title: 'The right seed with another prompt',
    group: 'other-picture',
    decidedBy: ['likeness', 'spot-check'],
    because: 'Its steps do not replay with the words of the job.',
    makes: anotherJob(({ class: c, seed }, { classes }) => ({ class: (c + 1) % classes, seed })),
  },
  {
    name: 'cached-other-seed',
    title: 'One cached picture of the prompt for every seed',
    group: 'other-picture',
    decidedBy: ['likeness', 'spot-check'],
    because: 'Its latent 0 is not the noise of the seed, which is compared bit for bit.',
    makes: anotherJob(({ class: c, seed }) => ({ class: c, seed: seed === 0 ? 1 : 0 })),
  },
  {
    name: 'cached-other-job',
    title: "Another job's cached result",
    group: 'other-picture',
    decidedBy: ['likeness', 'spot-check'],
    because: 'Neither its latent 0 nor its steps are those of the job.',
    makes: anotherJob(({ class: c, seed }, { classes, seeds }) => ({
      class: (c + Math.ceil(classes / 2)) % classes,
      seed: (seed + 1) % seeds,
    })),
  },
];

/** Seed noise for pictures is stream 0. */
const RANDOM_STREAM = 0xbad;

/** The honest picture of another job; nothing where a small study has no other one. */
function anotherJob(otherOf: Reuse['jobOf']): Reuse {
  return {
    way: 'reuse',
    jobOf(at, size) {
      const other = otherOf(at, size);
      if (other === undefined || other.class >= size.classes || other.seed >= size.seeds) return;
      return other.class === at.class && other.seed === at.seed ? undefined : other;
    },
  };
}
