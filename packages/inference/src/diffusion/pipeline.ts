import { InvalidInputError } from '@semblance/core/errors';
import { type Manifest, readManifest } from '../manifest.ts';
import type { RuntimeProfile } from '../profiles.ts';
import {
  type ControlRequest,
  type ImageToImageRequest,
  type InpaintRequest,
  type TextToImageRequest,
  type UpscaleRequest,
  validateControl,
  validateImageToImage,
  validateInpaint,
  validateRequest,
  validateUpscale,
} from '../request.ts';
import { closeComponents, openComponents } from './components.ts';
import { control } from './control.ts';
import { imageToImage } from './image-to-image.ts';
import { inpaint } from './inpaint.ts';
import { assertMode, type Mode, networkFor } from './modes.ts';
import { openTextToImage, textToImage } from './text-to-image.ts';
import type { GenerateOptions, Trajectory } from './trajectory.ts';
import { upscale } from './upscale.ts';
import type { OpenWalk } from './walk.ts';

export type { Mode } from './modes.ts';
export type { RgbImage } from './pixels.ts';
export type { EncodedInput, GenerateOptions, Progress, Trajectory } from './trajectory.ts';

type Run<Request> = (request: Request, options?: GenerateOptions) => Promise<Trajectory>;

/**
 * A model, ready. Each of the runs rejects with
 *
 * - InvalidInputError naming the field of the request, or the network that does not fit the others;
 * - UnsupportedModeError when the model lacks a network that the mode needs;
 * - NotFiniteError when the model put out NaN or infinity;
 * - the signal's reason when aborted.
 */
export interface Pipeline {
  readonly manifest: Manifest;
  readonly profile: RuntimeProfile;
  /** Text to image. */
  readonly generate: Run<TextToImageRequest>;
  readonly imageToImage: Run<ImageToImageRequest>;
  readonly inpaint: Run<InpaintRequest>;
  readonly control: Run<ControlRequest>;
  readonly upscale: Run<UpscaleRequest>;
  /** Prepares text to image to be walked step by step. Rejects as the runs do. */
  readonly openWalk: (request: TextToImageRequest) => Promise<OpenWalk>;
  /** Throws UnsupportedModeError unless the model has what `mode` needs. */
  assertMode(mode: Mode): void;
  /** Frees the models. */
  release(): Promise<void>;
}

/**
 * Opens the model in `dir` to run as `profile` says. Each file is checked against the manifest as
 * it is read.
 *
 * @throws ModelFileError naming the file that is missing or is not the pinned one
 */
export async function loadPipeline(
  dir: string,
  profile: RuntimeProfile,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Pipeline> {
  signal?.throwIfAborted();
  const manifest = await readManifest(dir);
  const components = await openComponents(dir, manifest, profile, signal);
  const { limits } = manifest;
  if (limits.sizeMultiple % components.latent.factor !== 0) {
    throw new InvalidInputError(
      'manifest.limits.sizeMultiple',
      `not a multiple of the latent factor ${components.latent.factor}`,
    );
  }
  const model = { components, guidance: profile.guidance };
  return {
    manifest,
    profile,
    generate: async (request, options = {}) => {
      validateRequest(request, limits);
      assertMode('textToImage', components);
      return textToImage(model, request, options);
    },
    imageToImage: async (request, options = {}) => {
      validateImageToImage(request, limits);
      assertMode('imageToImage', components);
      return imageToImage(model, networkFor('imageToImage', components), request, options);
    },
    inpaint: async (request, options = {}) => {
      validateInpaint(request, limits);
      return inpaint(model, networkFor('inpaint', components), request, options);
    },
    control: async (request, options = {}) => {
      validateControl(request, limits);
      assertMode('control', components);
      return control(model, networkFor('control', components), request, options);
    },
    upscale: async (request, options = {}) => {
      validateUpscale(request, limits);
      return upscale(networkFor('upscale', components), request, options);
    },
    openWalk: async (request) => {
      validateRequest(request, limits);
      assertMode('textToImage', components);
      return openTextToImage(model, request);
    },
    assertMode: (mode) => assertMode(mode, components),
    release: () => closeComponents(components),
  };
}
