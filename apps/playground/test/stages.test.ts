import { describe, expect, it } from 'vitest';
import type { Job } from '../src/job.ts';
import { promptOf, stagesOf } from '../src/stages.ts';
import { settledJob } from './fixtures.ts';

const digest = (n: number) => n.toString(16).padStart(64, '0');

/** Job n delivers file n; it begins from the file of another where one is given. */
function stage(n: number, from?: number, change: Partial<Job['request']> = {}): Job {
  const { request } = settledJob();
  return settledJob({
    id: digest(100 + n),
    result: digest(n),
    createdAt: n,
    request: {
      ...request,
      ...(from !== undefined && {
        mode: 'image_to_image',
        inputs: [{ name: 'image', sha256: digest(from) }],
      }),
      ...change,
    },
  });
}

const ids = (jobs: readonly Job[]) => jobs.map(({ result }) => Number.parseInt(result ?? '', 16));

describe('stages', () => {
  const jobs = [stage(5, 2), stage(4, 3), stage(3, 2), stage(2, 1), stage(1), stage(9)];

  it('are linked by the hashes of files, back to the first and on to what came of the job', () => {
    const { before, after } = stagesOf(jobs[2] as Job, jobs);
    expect(ids(before)).toEqual([1, 2]);
    expect(ids(after)).toEqual([4]);
    expect(ids(stagesOf(jobs[3] as Job, jobs).after)).toEqual([3, 5]);
    expect(stagesOf(stage(7, 99), jobs)).toEqual({ before: [], after: [] });
  });

  it('end, even where files go in a circle', () => {
    const circle = [stage(1, 2), stage(2, 1)];
    expect(ids(stagesOf(circle[0] as Job, circle).before)).toEqual([1, 2]);
  });

  it('hand on the words that the picture was painted from', () => {
    const enlarged = stage(6, 3, { mode: 'upscale', prompt: '' });
    expect(promptOf(enlarged, stagesOf(enlarged, jobs))).toBe('a red apple');
    expect(promptOf(enlarged, { before: [], after: [] })).toBe('');
  });
});
