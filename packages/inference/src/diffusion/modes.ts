import { UnsupportedModeError } from '../errors.ts';
import type { Session } from '../runtimes/runtime.ts';
import type { Components } from './components.ts';

export type Mode = 'textToImage' | keyof typeof NETWORKS;

/** The network that each mode needs beside those of text to image. */
const NETWORKS = {
  imageToImage: 'vae_encoder',
  inpaint: 'vae_encoder',
  control: 'controlnet',
  upscale: 'upscaler',
} as const;

/** Throws {@link UnsupportedModeError} unless the model has what `mode` needs. */
export function assertMode(mode: Mode, components: Components): void {
  if (mode !== 'textToImage') networkFor(mode, components);
  if (components.takesMask && mode !== 'inpaint' && mode !== 'upscale') {
    throw new UnsupportedModeError(mode, "the model's denoiser is made for inpainting");
  }
}

/** The network that `mode` needs. @throws UnsupportedModeError when the model has none */
export function networkFor(mode: keyof typeof NETWORKS, { networks }: Components): Session {
  const name = NETWORKS[mode];
  const network = networks[name];
  if (network === undefined) {
    throw new UnsupportedModeError(mode, `the model has no ${name}/model.onnx that can be used`);
  }
  return network;
}
