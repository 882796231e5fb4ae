import { describe, expect, it } from 'vitest';
import type { JobRequest } from '../src/job.ts';
import { model } from '../src/model.ts';
import { canChange, canEnlarge, type Going } from '../src/order.ts';
import { FILES, MODEL, settledJob } from './fixtures.ts';

/** A picture delivered at a model that takes 64, 72 and 80 pixels a side, and enlarges. */
function delivered(change: Partial<JobRequest>): Going {
  const limits = { ...MODEL.limits, modes: ['image_to_image', 'upscale'] };
  const { request } = settledJob();
  return {
    job: settledJob({ request: { ...request, ...change } }),
    model: model({ ...MODEL, limits }, 'model'),
    sha256: FILES[0],
  };
}

describe('what a picture can be taken on to', () => {
  it('is a change or twice its size, while the model takes its size', () => {
    const going = delivered({ width: 64, height: 64 });
    expect([canChange(going), canEnlarge(going)]).toEqual([true, true]);
  });

  it('is nothing once it was enlarged beyond what the model takes', () => {
    const going = delivered({ mode: 'upscale', width: 64, height: 64 });
    expect([canChange(going), canEnlarge(going)]).toEqual([false, false]);
  });

  it('is no change where the size is none of the model', () => {
    expect(canChange(delivered({ width: 70, height: 64 }))).toBe(false);
    expect(canChange(delivered({ width: 64, height: 48 }))).toBe(false);
  });
});
