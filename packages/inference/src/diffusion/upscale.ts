import { decodeImage } from '../decode.ts';
import type { UpscaleRequest } from '../request.ts';
import type { Session } from '../runtimes/runtime.ts';
import { feed, floats } from './float-tensor.ts';
import { toPixels, toPlanes } from './pixels.ts';
import type { GenerateOptions, Trajectory } from './trajectory.ts';
import { assertShape } from './vae.ts';

/** A picture at twice its width and height, in one pass of a network and so in one step. */
export async function upscale(
  network: Session,
  request: UpscaleRequest,
  { signal, onProgress }: GenerateOptions,
): Promise<Trajectory> {
  const { width, height } = request;
  const planes = toPlanes(await decodeImage('image', request.image, request));
  signal?.throwIfAborted();
  const sample = feed(network, 'sample', planes, [1, 3, height, width]);
  const { data, dims } = floats(await network.run({ sample }, { signal }), 'out_sample');
  assertShape('upscaler', dims, [1, 3, 2 * height, 2 * width]);
  onProgress?.({ stage: 'step', step: 1, steps: 1 });
  return {
    encoded: [],
    latents: [],
    latentShape: [],
    image: toPixels(data, 2 * width, 2 * height),
    pastedPixels: 0,
  };
}
