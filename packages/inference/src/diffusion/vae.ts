import { InvalidInputError } from '@semblance/core/errors';
import type { Session } from '../runtimes/runtime.ts';
import type { Components } from './components.ts';
import { feed, floats } from './float-tensor.ts';
import { type RgbImage, toPixels } from './pixels.ts';

/**
 * The latent of a picture, the mean that the encoder gives, in the scale of the denoiser's latents.
 * Exports call it `latent_sample`, or `latent_parameters` where the variance follows it.
 *
 * @param planes [3, height, width] in [-1, 1]
 * @param shape of the latent: [1, channels, rows, columns]
 */
export async function encode(
  vaeEncoder: Session,
  { factor, scaling }: Components['latent'],
  planes: Float32Array,
  shape: readonly number[],
): Promise<Float32Array> {
  const [, channels = 0, rows = 0, columns = 0] = shape;
  const outputs = await vaeEncoder.run({
    sample: feed(vaeEncoder, 'sample', planes, [1, 3, rows * factor, columns * factor]),
  });
  const both = 'latent_parameters' in outputs;
  const { data, dims } = floats(outputs, both ? 'latent_parameters' : 'latent_sample');
  assertShape('vae_encoder', dims, [1, both ? 2 * channels : channels, rows, columns]);
  const scale = Math.fround(scaling);
  return data.slice(0, channels * rows * columns).map((x) => x * scale);
}

/** The picture of a latent. */
export async function decode(
  { vaeDecoder, latent }: Components,
  sample: Float32Array,
  shape: readonly number[],
): Promise<RgbImage> {
  const scaling = Math.fround(latent.scaling);
  const scaled = sample.map((x) => x / scaling);
  const outputs = await vaeDecoder.run({
    latent_sample: feed(vaeDecoder, 'latent_sample', scaled, shape),
  });
  const { data, dims } = floats(outputs, 'sample');
  const [, , rows = 0, columns = 0] = shape;
  const [height, width] = [rows * latent.factor, columns * latent.factor];
  assertShape('vae_decoder', dims, [1, 3, height, width]);
  return toPixels(data, width, height);
}

/** Throws {@link InvalidInputError} naming the network that gave another shape. */
export function assertShape(
  network: string,
  dims: readonly number[],
  expected: readonly number[],
): void {
  if (dims.join() === expected.join()) return;
  throw new InvalidInputError(network, `gave [${dims.join()}] instead of [${expected.join()}]`);
}
