import type { Chain } from '@semblance/client/chain';
import { equals } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import type { RgbImage } from '@semblance/inference/text-to-image';
import { inputSizeOf, inputsOf, type Task } from '@semblance/proto/task';
import { decodePng } from '@semblance/verification/png';

/**
 * The pictures that a job begins from, in the order in which its task names them, from the chain
 * and by the chain's own decoder: what it has taken in, every node can begin from.
 *
 * Throws InvalidInputError naming the input that the chain does not give as it was signed for.
 */
export async function readInputs(
  { query }: Pick<Chain, 'query'>,
  jobId: Uint8Array,
  task: Task,
  signal: AbortSignal,
): Promise<readonly RgbImage[]> {
  const named = inputsOf(task);
  if (named.length === 0) return [];
  const files = await query.inputs(jobId, { signal });
  return named.map(({ name, sha256: expected }, i) => {
    const file = files[i];
    if (file === undefined || !equals(sha256(file), expected)) {
      throw new InvalidInputError(name, 'not what the chain gives');
    }
    return pixelsOf(file, task);
  });
}

function pixelsOf(file: Uint8Array, task: Task): RgbImage {
  const { width, height } = inputSizeOf(task);
  const limits = { maxPixels: width * height, maxFileBytes: file.length };
  const { channels, data } = decodePng(file, limits);
  const rgb = channels === 3 ? data : Uint8Array.from({ length: 3 * width * height }, grey);
  function grey(_: unknown, i: number): number {
    return data[channels * Math.floor(i / 3)] as number;
  }
  return { width, height, channels: 3, data: rgb };
}
