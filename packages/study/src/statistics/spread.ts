import type { Spread } from '../result.ts';

/** The order statistics of a sample; all 0 for none. */
export function spreadOf(values: Iterable<number>): Spread {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  if (count === 0) return { count, mean: 0, min: 0, median: 0, p95: 0, max: 0 };
  const at = (share: number) => sorted[Math.min(count - 1, Math.floor(share * count))] as number;
  return {
    count,
    mean: sorted.reduce((sum, value) => sum + value, 0) / count,
    min: at(0),
    median: at(0.5),
    p95: at(0.95),
    max: at(1),
  };
}
