import type { Comparison } from '@semblance/study/compare-samples';
import { table } from '../../../terminal.ts';

/** How each runtime's samples differ from the reference's, a runtime a row. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const heading = [
    'runtime',
    'pairs',
    'same noise',
    'same pixels',
    'latents apart after each quarter',
    'most bits: average, perceptual, difference, colour',
  ];
  const rows = comparisons.map(({ runtime, pairs, otherNoise, samePixels, latents, mostBits }) => [
    runtime,
    String(pairs),
    String(pairs - otherNoise),
    String(samePixels),
    latents.map((distance) => (distance === 0 ? '0' : distance.toExponential(1))).join('  '),
    Object.values(mostBits).join(', '),
  ]);
  return table([heading, ...rows], '');
}
