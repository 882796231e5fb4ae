import type { Spread } from '../../result.ts';
import { count, decimal } from '../figures.ts';
import { figures } from '../table.ts';

/** Columns for `spreadCells`. */
export function spreadColumns(counted: string) {
  return [counted, 'least', 'median', 'mean', '95th percentile', 'most'].map(figures);
}

export function spreadCells({ count: all, min, median, mean, p95, max }: Spread): string[] {
  const sizes = [min, median, mean, p95, max];
  return [count(all), ...sizes.map((size) => (all === 0 ? '–' : decimal(size)))];
}
