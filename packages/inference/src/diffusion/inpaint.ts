import { decodeImage } from '../decode.ts';
import type { InpaintRequest } from '../request.ts';
import type { Session } from '../runtimes/runtime.ts';
import { skippedSteps } from '../schedulers/create.ts';
import { join } from './float-tensor.ts';
import { latentMask, paste, takeOut, toMask } from './mask.ts';
import { toPlanes } from './pixels.ts';
import type { EncodedInput, GenerateOptions, Trajectory } from './trajectory.ts';
import { encode } from './vae.ts';
import {
  type Beginning,
  fromNoise,
  fromPicture,
  type Ground,
  type Model,
  type Plan,
  walk,
} from './walk.ts';

/**
 * Paints where the mask is white, in the two ways of diffusers' StableDiffusionInpaintPipeline: a
 * denoiser for any picture has the known region put back after each step, one made for inpainting
 * sees mask and masked picture beside its sample. At strength 1 the walk begins from noise alone.
 */
export async function inpaint(
  model: Model,
  vaeEncoder: Session,
  request: InpaintRequest,
  options: GenerateOptions,
): Promise<Trajectory> {
  const { latent: space, takesMask } = model.components;
  const { width, strength } = request;
  const picture = await decodeImage('image', request.image, request);
  const mask = toMask(await decodeImage('mask', request.mask, request));
  const cells = latentMask(mask, width, space.factor);
  const planes = toPlanes(picture);

  const plan: Plan = {
    skipped: skippedSteps(request.steps, strength),
    begin: async (ground) => {
      const encodeAs = async (name: EncodedInput['name'], pixels: Float32Array) => {
        return { name, latent: await encode(vaeEncoder, space, pixels, ground.shape) };
      };
      if (!takesMask) return blended(ground, await encodeAs('image', planes), cells, strength);
      const image = strength < 1 ? [await encodeAs('image', planes)] : [];
      return shown(ground, image, await encodeAs('maskedImage', takeOut(planes, mask)), cells);
    },
  };
  const painted = await walk(model, request, plan, options);
  if (request.unmasked === 'decoded') return painted;
  return { ...painted, ...paste(painted.image, picture, mask) };
}

/** After each step the known region is the picture, noised to the level of the next step. */
function blended(
  ground: Ground,
  image: EncodedInput,
  cells: Float32Array,
  strength: number,
): Beginning {
  const { scheduler, noise } = ground;
  const start = strength < 1 ? fromPicture(ground, image.latent) : fromNoise(ground);
  const settle = (sample: Float32Array, i: number) => {
    const last = i === scheduler.timesteps.length - 1;
    const known = last ? image.latent : scheduler.addNoise(image.latent, noise, i + 1);
    return sample.map((x, j) => (cells[j % cells.length] === 1 ? x : (known[j] as number)));
  };
  return { ...start, encoded: [image], settle };
}

/** The denoiser is shown the mask and the picture without what is to be painted. */
function shown(
  ground: Ground,
  image: readonly EncodedInput[],
  maskedImage: EncodedInput,
  cells: Float32Array,
): Beginning {
  const [picture] = image;
  const start = picture === undefined ? fromNoise(ground) : fromPicture(ground, picture.latent);
  const planes = join(cells, maskedImage.latent);
  return { ...start, encoded: [...image, maskedImage], conditions: { planes } };
}
