import type { RuntimeProfile } from '../profiles.ts';
import type { TextToImageRequest } from '../request.ts';
import type { Components } from './components.ts';
import { type Residuals, silentResiduals } from './control-residuals.ts';
import { feed, feedAll, floats, join, repeat } from './float-tensor.ts';
import { guide } from './guidance.ts';

/** What the denoiser is told beside the words. */
export interface Conditions {
  /** Planes in the size of a latent that follow the sample's channels. */
  readonly planes?: Float32Array;
  /** What a denoiser that can be controlled adds to its inner states. */
  readonly residuals?: Residuals;
}

/** The model's output for a sample at a timestep, guided by the request's prompts. */
export type Predictor = (sample: Float32Array, timestep: number) => Promise<Float32Array>;

/** @param shape of a latent: [1, channels, rows, columns] */
export async function createPredictor(
  { tokenize, textEncoder, unet, networks }: Components,
  guidanceMode: RuntimeProfile['guidance'],
  { prompt, negativePrompt, guidance, width, height }: TextToImageRequest,
  shape: readonly number[],
  {
    planes = new Float32Array(),
    residuals = silentResiduals(networks.controlnet, width, height),
  }: Conditions,
): Promise<Predictor> {
  const encode = async (text: string) => {
    const ids = tokenize(text);
    const feeds = { input_ids: feed(textEncoder, 'input_ids', ids, [1, ids.length]) };
    return floats(await textEncoder.run(feeds), 'last_hidden_state');
  };
  const words = await encode(prompt);
  const denoise = async (
    batch: number,
    sample: Float32Array,
    timestep: number,
    states: Float32Array,
  ) => {
    const [, channels = 0, rows = 0, columns = 0] = shape;
    const extra = planes.length / (rows * columns);
    const others = {
      timestep: { values: [timestep], dims: [1] },
      encoder_hidden_states: { values: states, dims: [batch, ...words.dims.slice(1)] },
    };
    const added = await residuals({
      sample: { values: repeat(sample, batch), dims: [batch, channels, rows, columns] },
      ...others,
    });
    const inputs = feedAll(unet, {
      sample: {
        values: repeat(join(sample, planes), batch),
        dims: [batch, channels + extra, rows, columns],
      },
      ...others,
    });
    return floats(await unet.run({ ...inputs, ...added }), 'out_sample').data;
  };
  if (guidance <= 1) return (sample, timestep) => denoise(1, sample, timestep, words.data);

  const negative = await encode(negativePrompt);
  if (guidanceMode === 'separate') {
    return async (sample, timestep) =>
      guide(
        await denoise(1, sample, timestep, negative.data),
        await denoise(1, sample, timestep, words.data),
        guidance,
      );
  }
  const states = join(negative.data, words.data);
  return async (sample, timestep) => {
    const both = await denoise(2, sample, timestep, states);
    return guide(both.subarray(0, sample.length), both.subarray(sample.length), guidance);
  };
}
