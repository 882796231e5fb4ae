import type { TextToImage } from '@semblance/proto/ml';
import { baseOf, inputSizeOf, type Task } from '@semblance/proto/task';
import type { Generated } from '../generated.ts';
import { type Conduct, honest } from './conduct.ts';

const MAX_CACHED = 64;

/**
 * Skips the work: answers every request for a prompt with one picture of that prompt, made once
 * under another seed, and whatever it is to enlarge with the first picture that it enlarged. Its
 * commitment opens and its file is a fine PNG; only likeness tells.
 */
export function cachedOtherSeed(): Conduct {
  const cache = new Map<string, Generated>();
  return {
    ...honest,
    name: 'cached-other-seed',
    produce: async (task, { run }) => {
      const key = cacheKey(task);
      const cached = cache.get(key);
      if (cached) return cached;
      const made = await run(withOtherSeed(task));
      if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
      cache.set(key, made);
      return made;
    },
  };
}

function cacheKey(task: Task): string {
  const { prompt, negativePrompt } = baseOf(task) ?? {};
  const { width, height } = inputSizeOf(task);
  return JSON.stringify([task.case, prompt, negativePrompt, width, height]);
}

function withOtherSeed(task: Task): Task {
  if (task.case === 'textToImage') return { ...task, value: otherSeed(task.value) };
  const base = baseOf(task);
  return base ? ({ ...task, value: { ...task.value, base: otherSeed(base) } } as Task) : task;
}

function otherSeed(base: TextToImage): TextToImage {
  return { ...base, seed: (base.seed + 1n) % 2n ** 64n };
}
