import { decodeImage } from '../decode.ts';
import type { ImageToImageRequest } from '../request.ts';
import type { Session } from '../runtimes/runtime.ts';
import { skippedSteps } from '../schedulers/create.ts';
import { toPlanes } from './pixels.ts';
import type { GenerateOptions, Trajectory } from './trajectory.ts';
import { encode } from './vae.ts';
import { fromPicture, type Model, type Plan, walk } from './walk.ts';

/**
 * Another picture in the likeness of one (SDEdit, Meng et al., arXiv 2108.01073): its latent is
 * noised to the level of the first step taken, and walked from there.
 */
export async function imageToImage(
  model: Model,
  vaeEncoder: Session,
  request: ImageToImageRequest,
  options: GenerateOptions,
): Promise<Trajectory> {
  const planes = toPlanes(await decodeImage('image', request.image, request));
  const plan: Plan = {
    skipped: skippedSteps(request.steps, request.strength),
    begin: async (ground) => {
      const latent = await encode(vaeEncoder, model.components.latent, planes, ground.shape);
      return { ...fromPicture(ground, latent), encoded: [{ name: 'image', latent }] };
    },
  };
  return walk(model, request, plan, options);
}
