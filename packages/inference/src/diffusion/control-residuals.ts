import type { Session, Tensors } from '../runtimes/runtime.ts';
import { feedAll, floats, repeat, type Values } from './float-tensor.ts';

/*
 * ControlNet (Zhang, Rao and Agrawala, arXiv 2302.05543): a second network sees what the denoiser
 * sees and a control picture, and gives what is added to the denoiser's skip connections
 * (down_block_res_samples_0, 1, ...) and to its middle (mid_block_res_sample). The denoiser takes
 * them as inputs of the same names.
 */

/** What is added to the denoiser's inner states, by the names of its inputs. */
export type Residuals = (inputs: DenoiserInputs) => Promise<Tensors>;

type DenoiserInputs = Readonly<Record<'sample' | 'timestep' | 'encoder_hidden_states', Values>>;

/**
 * The residuals that `network` gives for a picture.
 *
 * @param planes [3, height, width] in [0, 1]
 * @param scale factor on every residual
 */
export function controlResiduals(
  network: Session,
  planes: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): Residuals {
  const factor = Math.fround(scale);
  return async (inputs) => {
    const [batch = 1] = inputs.sample.dims;
    const picture = { values: repeat(planes, batch), dims: [batch, 3, height, width] };
    const outputs = await network.run(feedAll(network, { ...inputs, controlnet_cond: picture }));
    const scaled = network.outputs.map(({ name }) => {
      const tensor = floats(outputs, name);
      return [name, { ...tensor, data: tensor.data.map((x) => x * factor) }] as const;
    });
    return Object.fromEntries(scaled);
  };
}

/**
 * What a denoiser that can be controlled takes when it is not: zeros in the shapes of the
 * residuals, which only the network knows, so it is run once a batch size.
 */
export function silentResiduals(
  network: Session | undefined,
  width: number,
  height: number,
): Residuals {
  if (network === undefined) return async () => ({});
  const blank = controlResiduals(
    network,
    new Float32Array(3 * width * height),
    { width, height },
    0,
  );
  const known = new Map<number | undefined, Promise<Tensors>>();
  return (inputs) => {
    const [batch] = inputs.sample.dims;
    const zeros = known.get(batch) ?? blank(inputs);
    known.set(batch, zeros);
    return zeros;
  };
}
