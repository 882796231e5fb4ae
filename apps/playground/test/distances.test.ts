import { describe, expect, it } from 'vitest';
import { distancesBy, pairwiseDistances } from '../src/distances.ts';
import { settledJob } from './fixtures.ts';

describe('pairwiseDistances', () => {
  it('is symmetric, and silent on what is not revealed', () => {
    expect(pairwiseDistances(['00', '0f', null])).toEqual([
      [0, 4, null],
      [4, 0, null],
      [null, null, null],
    ]);
  });
});

describe('distancesBy', () => {
  it("is the chain's own matrix for the hash that voted", () => {
    const job = settledJob();
    expect(distancesBy(job, 'average')).toBe(job.distances);
  });

  it('counts the other hashes itself', () => {
    expect(distancesBy(settledJob(), 'perceptual')).toEqual(Array(3).fill([0, 0, 0]));
  });
});
