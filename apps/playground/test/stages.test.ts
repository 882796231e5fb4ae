import { describe, expect, it } from 'vitest';
import type { Job } from '../src/job.ts';
import { baseOf, lastStages, promptOf, stagesOf, titleAmong } from '../src/stages.ts';
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

  it('are seen beside what they changed; a refined picture beside the one before both its stages', () => {
    const enlarged = stage(6, 3, { mode: 'upscale', prompt: '' });
    expect(baseOf(enlarged, stagesOf(enlarged, jobs))?.stage?.result).toBe(digest(2));
    const plain = stage(7, 1, { mode: 'upscale', prompt: '' });
    expect(baseOf(plain, stagesOf(plain, jobs))?.stage?.result).toBe(digest(1));
    const varied = jobs[2] as Job;
    expect(baseOf(varied, stagesOf(varied, jobs))?.sha256).toBe(digest(2));
  });

  it('are seen beside a file that no stage delivered, and along a shape or from words beside none', () => {
    const none = { before: [], after: [] };
    expect(baseOf(stage(3, 2), none)).toEqual({ sha256: digest(2), stage: null });
    expect(baseOf(stage(3, 2, { mode: 'control' }), none)).toBeNull();
    expect(baseOf(stage(1), none)).toBeNull();
  });

  it('are listed by the last, under the words of the first', () => {
    const enlarged = stage(6, 3, { mode: 'upscale', prompt: '' });
    expect(ids(lastStages([enlarged, ...jobs]))).toEqual([6, 5, 4, 9]);
    const failed = { ...stage(8, 9), result: null };
    expect(ids(lastStages([stage(9)]))).toEqual(ids(lastStages([failed, stage(9)]).slice(1)));
    expect(titleAmong(enlarged, jobs)).toBe('a red apple');
    expect(titleAmong(enlarged, [])).toBe('Enlarged 2×');
  });
});
