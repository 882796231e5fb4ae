import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lanczosKernel } from '../src/lanczos.ts';

/** Digests of Pillow's weights; see vectors/perceptual-hash/lanczos.py. */
const digests = JSON.parse(
  readFileSync(new URL('../../../vectors/perceptual-hash/lanczos.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;

const blockLength = 128;

function digestBlock(block: number, outputSize: number): string {
  const hash = createHash('sha256');
  for (let size = block * blockLength + 1; size <= (block + 1) * blockLength; size++) {
    const { stride, starts, counts, weights } = lanczosKernel(size, outputSize);
    for (let i = 0; i < outputSize; i++) {
      const count = counts[i] as number;
      const numbers = new Int32Array(2 + count);
      numbers.set([starts[i] as number, count]);
      numbers.set(weights.subarray(i * stride, i * stride + count), 2);
      hash.update(numbers);
    }
  }
  return hash.digest('hex');
}

test.each(Object.keys(digests))(
  'the weights from every size up to 2048 to %s are those of Pillow',
  (outputSize) => {
    const expected = digests[outputSize] as string[];
    const computed = expected.map((_, block) => digestBlock(block, Number(outputSize)));
    expect(computed).toEqual(expected);
  },
);

test('weights of long inputs, which are not kept, add up to one', () => {
  const { stride, counts, weights } = lanczosKernel(100_000, 8);
  for (let i = 0; i < 8; i++) {
    const row = weights.subarray(i * stride, i * stride + (counts[i] as number));
    const sum = row.reduce((total, weight) => total + weight, 0);
    expect(Math.abs(sum - 2 ** 22)).toBeLessThan(row.length);
  }
});
