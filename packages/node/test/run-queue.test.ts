import { describe, expect, it } from 'vitest';
import { createRunQueue } from '../src/run-queue.ts';

/** A run that ends when told to, or when aborted. */
function controlled(order: string[], jobId: string, deadline: number) {
  let finish = (): void => {};
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const run = async (signal: AbortSignal): Promise<void> => {
    order.push(jobId);
    signal.addEventListener('abort', () => order.push(`${jobId} aborted`));
    signal.addEventListener('abort', finish);
    await ended;
  };
  return { entry: { jobId, deadline, run }, finish };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a run queue', () => {
  it('does one at a time, the earliest deadline first, each job once', async () => {
    const order: string[] = [];
    const queue = createRunQueue();
    const [a, b, c] = [
      controlled(order, 'a', 9),
      controlled(order, 'b', 8),
      controlled(order, 'c', 7),
    ];
    for (const { entry } of [a, b, c, a, c]) queue.add(entry);
    expect(queue.size()).toBe(3);
    for (const { finish } of [a, c, b]) {
      finish();
      await settle();
    }
    expect(order).toEqual(['a', 'c', 'b']);
    expect(queue.size()).toBe(0);
  });

  it('drops and aborts what is not wanted any more', async () => {
    const order: string[] = [];
    const queue = createRunQueue();
    for (const jobId of ['a', 'b', 'c']) queue.add(controlled(order, jobId, 1).entry);
    queue.keep((jobId) => jobId === 'c');
    await settle();
    expect(order).toEqual(['a', 'a aborted', 'c']);
    await queue.close();
    expect(order).toEqual(['a', 'a aborted', 'c', 'c aborted']);
  });
});
