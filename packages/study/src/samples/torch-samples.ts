import { InvalidInputError } from '@semblance/core/errors';
import type { Manifest } from '@semblance/inference/manifest';
import * as z from 'zod';
import { hashesOf } from '../pictures/hashes-of.ts';
import { digest } from './digest.ts';
import type { Sample } from './sample.ts';
import { PLACE, parseLine, SHORT, TRACE, WEIGHTS_ROOT } from './sample-file.ts';

/*
 * What a model's training/samples_torch.py writes: on the first line the machine and the weights, then
 * a sample a line, with the pixels themselves; digest and hashes are taken here, by the code that
 * takes them of every other runtime's.
 */

/** PyTorch's name of a precision, and the one that runtimes have here. */
const PRECISIONS = { float32: 'f32', tf32: 'tf32', bfloat16: 'bf16', float16: 'f16' } as const;
const MAX_SAMPLES = 100_000;

const HEADER = z.strictObject({ gpu: SHORT, torch: SHORT, weightsRoot: WEIGHTS_ROOT });
const SAMPLE = z.strictObject({
  precision: z.literal(Object.keys(PRECISIONS) as (keyof typeof PRECISIONS)[]),
  ...PLACE,
  ...TRACE,
  /** Three bytes each, row by row. */
  pixels: z.base64(),
});

export interface TorchSamples {
  /** The device and the version, as a file of samples tells its machine. */
  readonly machine: string;
  readonly samples: readonly Sample[];
}

/**
 * The samples of such a text, as of the runtimes `name`-f32, `name`-tf32, and so on.
 *
 * @throws InvalidInputError when it is of other weights, or naming the line that is wrong
 */
export function parseTorchSamples(text: string, name: string, manifest: Manifest): TorchSamples {
  const [first = '', ...lines] = text.trimEnd().split('\n');
  if (lines.length > MAX_SAMPLES) throw new InvalidInputError('samples', 'too many');
  const { gpu, torch, weightsRoot } = parseLine(HEADER, first, 1);
  if (weightsRoot !== manifest.weightsRoot) {
    throw new InvalidInputError('samples line 1', `not of the weights of ${manifest.id}`);
  }
  const { width, height } = manifest.defaults;
  const samples = lines.map((line, i): Sample => {
    const { precision, pixels, ...sample } = parseLine(SAMPLE, line, i + 2);
    const data = Buffer.from(pixels, 'base64');
    if (data.length !== 3 * width * height) {
      throw new InvalidInputError(`samples line ${i + 2}`, `not ${width} x ${height} pixels`);
    }
    return {
      runtime: `${name}-${PRECISIONS[precision]}`,
      ...sample,
      pixels: digest(data),
      hashes: hashesOf({ width, height, channels: 3, data }),
    };
  });
  return { machine: `${gpu}, PyTorch ${torch}`, samples };
}
