import { QUANTISED, type RuntimeProfile } from '@semblance/inference/profiles';
import type { TextToImageRequest } from '@semblance/inference/request';
import type { Adversary, Run, RunLimits } from './adversary.ts';
import { resized } from './pixels.ts';

export const [INT8, INT4] = QUANTISED as readonly [RuntimeProfile, RuntimeProfile];

/** Runs of a model that cost less than what was asked for, or are not what was asked for. */
export const LESS_WORK: readonly Adversary[] = [
  cheaper('steps-10', 'Half of the steps', (request) => ({
    ...request,
    steps: Math.max(1, Math.floor(request.steps / 2)),
  })),
  cheaper('steps-4', 'A fifth of the steps', (request) => ({
    ...request,
    steps: Math.max(1, Math.floor(request.steps / 5)),
  })),
  cheaper('no-guidance', 'No classifier-free guidance: half of the work', (request) => ({
    ...request,
    guidance: 1,
  })),
  cheaper('scheduler-ddim', 'Another scheduler, DDIM', withScheduler('ddim')),
  cheaper('scheduler-euler', 'Another scheduler, Euler', withScheduler('euler')),
  cheaper('int8-weights', 'Weights quantised to int8, one scale a tensor', (request) => request, {
    profile: INT8,
  }),
  cheaper('int4-weights', 'Weights quantised to int4, one scale a tensor', (request) => request, {
    profile: INT4,
  }),
  cheaper('half-size', 'Made at half the size and enlarged', atHalfSize, {
    finish: (image, { width, height }) => resized(image, width, height),
  }),
];

function cheaper(
  name: string,
  title: string,
  requestOf: Run['requestOf'],
  more: Pick<Run, 'profile' | 'finish'> = {},
): Adversary {
  return {
    name,
    title,
    group: 'less-work',
    decidedBy: ['likeness', 'spot-check', 'referee'],
    because: 'Its steps do not replay: no latent follows from the one before as the job asks.',
    makes: { way: 'run', requestOf, ...more },
  };
}

function withScheduler(scheduler: 'ddim' | 'euler'): Run['requestOf'] {
  // where the job asks for this one, the other way round
  return (request: TextToImageRequest) => ({
    ...request,
    scheduler: request.scheduler === scheduler ? 'unipc' : scheduler,
  });
}

/** The same request at half of each side, as near as the model takes it. */
export function atHalfSize(
  request: TextToImageRequest,
  { minSize, sizeMultiple }: RunLimits,
): TextToImageRequest {
  const least = Math.ceil(minSize / sizeMultiple) * sizeMultiple;
  const halved = (side: number) =>
    Math.max(least, Math.floor(side / 2 / sizeMultiple) * sizeMultiple);
  return { ...request, width: halved(request.width), height: halved(request.height) };
}
