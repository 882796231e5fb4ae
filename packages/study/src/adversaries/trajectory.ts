import type { RuntimeProfile } from '@semblance/inference/profiles';
import type { TextToImageRequest } from '@semblance/inference/request';
import type { Pipeline } from '@semblance/inference/text-to-image';
import { atHalfSize, INT4, INT8 } from './less-work.ts';

/** Somebody who commits to a trajectory that is not the one asked for: what a spot check is for. */
export interface TrajectoryAdversary {
  readonly name: string;
  readonly title: string;
  /** What it runs on; by default as the reference profile does. */
  readonly profile?: RuntimeProfile;
  commit(pipeline: Pipeline, asked: Asked): Promise<ForgedTrajectory>;
}

export interface Asked {
  readonly request: TextToImageRequest;
  /** The request of another class with the same seed. */
  readonly other: TextToImageRequest;
  /** Number of the job among those replayed: where who forges one step takes turns. */
  readonly turn: number;
}

interface ForgedTrajectory {
  /** As many as the job asks for: latent 0 to latent N. */
  readonly latents: readonly Float32Array[];
  /** The steps, from 1, that were not computed as asked. */
  readonly forged: readonly number[];
}

export const TRAJECTORY_ADVERSARIES: readonly TrajectoryAdversary[] = [
  {
    name: 'skip-one',
    title: "One step skipped: the model's last output is used twice",
    commit: (pipeline, { request, turn }) =>
      skipping(pipeline, request, [2 + (turn % Math.max(1, request.steps - 1))]),
  },
  {
    name: 'skip-half',
    title: "Every second step skipped: the model's last output is used twice",
    commit: (pipeline, { request }) =>
      skipping(
        pipeline,
        request,
        stepsOf(request).filter((step) => step % 2 === 0),
      ),
  },
  stretched('steps-10', 'Half of the steps, latents between them interpolated', 2),
  stretched('steps-4', 'A fifth of the steps, latents between them interpolated', 5),
  {
    name: 'half-size',
    title: 'Made at half the size, latents enlarged cell by cell',
    async commit(pipeline, { request }) {
      const small = await pipeline.generate(atHalfSize(request, pipeline.manifest.limits));
      const { noise, latentShape } = await pipeline.openWalk(request);
      const enlarged = small.latents
        .slice(1)
        .map((one) => enlarge(one, small.latentShape, latentShape));
      return { latents: [noise, ...enlarged], forged: stepsOf(request) };
    },
  },
  otherRun('no-guidance', 'No classifier-free guidance', ({ request }) => ({
    ...request,
    guidance: 1,
  })),
  otherRun('scheduler-ddim', 'Another scheduler, DDIM', ({ request }) => ({
    ...request,
    scheduler: request.scheduler === 'ddim' ? 'unipc' : 'ddim',
  })),
  otherRun('scheduler-euler', 'Another scheduler, Euler', ({ request }) => ({
    ...request,
    scheduler: request.scheduler === 'euler' ? 'unipc' : 'euler',
  })),
  otherRun('int8-weights', 'Weights quantised to int8', ({ request }) => request, INT8),
  otherRun('int4-weights', 'Weights quantised to int4', ({ request }) => request, INT4),
  otherRun('wrong-prompt', 'The right seed with another prompt', ({ other }) => other),
  {
    name: 'wrong-seed',
    title: 'The right prompt with another seed: every step is honest, latent 0 is not',
    async commit(pipeline, { request }) {
      const seed = (request.seed + 1n) % 2n ** 64n;
      const { latents } = await pipeline.generate({ ...request, seed });
      return { latents, forged: [] };
    },
  },
];

function stepsOf({ steps }: TextToImageRequest): number[] {
  return Array.from({ length: steps }, (_, i) => i + 1);
}

/** A whole run, of as many steps, of another request or another model. */
function otherRun(
  name: string,
  title: string,
  requestOf: (asked: Asked) => TextToImageRequest,
  profile?: RuntimeProfile,
): TrajectoryAdversary {
  return {
    name,
    title,
    ...(profile === undefined ? {} : { profile }),
    async commit(pipeline, asked) {
      const { latents } = await pipeline.generate(requestOf(asked));
      return { latents, forged: stepsOf(asked.request) };
    },
  };
}

/** An honest walk that does not run the model at some steps. */
async function skipping(
  pipeline: Pipeline,
  request: TextToImageRequest,
  skipped: readonly number[],
): Promise<ForgedTrajectory> {
  const walk = await pipeline.openWalk(request);
  const latents = [walk.beginning.latent];
  let sample = walk.beginning.sample;
  let output: Float32Array | undefined;
  for (const step of stepsOf(request)) {
    const reused = skipped.includes(step) ? output : undefined;
    output = reused ?? (await walk.predict(sample, step - 1));
    sample = walk.scheduler.step(output, step - 1, sample);
    latents.push(sample);
  }
  return { latents, forged: skipped.filter((step) => step <= request.steps) };
}

/** A run of fewer steps whose latents are spread over the steps asked for, on straight lines. */
function stretched(name: string, title: string, factor: number): TrajectoryAdversary {
  return {
    name,
    title,
    async commit(pipeline, { request }) {
      const steps = Math.max(1, Math.floor(request.steps / factor));
      const short = await pipeline.generate({ ...request, steps });
      const latents = Array.from({ length: request.steps + 1 }, (_, i) =>
        between(short.latents, (i * steps) / request.steps),
      );
      return { latents, forged: stepsOf(request) };
    },
  };
}

function between(latents: readonly Float32Array[], position: number): Float32Array {
  const before = latents[Math.floor(position)] as Float32Array;
  const after = latents[Math.ceil(position)] as Float32Array;
  const part = position % 1;
  return before.map((x, i) => x + part * ((after[i] as number) - x));
}

/** The nearest cell for each, in shapes [1, channels, rows, columns]. */
function enlarge(
  latent: Float32Array,
  [, , rows = 1, columns = 1]: readonly number[],
  [, channels = 1, tall = 1, wide = 1]: readonly number[],
): Float32Array {
  return Float32Array.from({ length: channels * tall * wide }, (_, i) => {
    const [channel, y, x] = [Math.floor(i / (tall * wide)), Math.floor(i / wide) % tall, i % wide];
    const [fromY, fromX] = [Math.floor((y * rows) / tall), Math.floor((x * columns) / wide)];
    return latent[(channel * rows + fromY) * columns + fromX] as number;
  });
}
