import type { TextToImage } from '@semblance/proto/ml';
import type { Generated } from '../generated.ts';
import { type Conduct, honest } from './conduct.ts';

const MAX_CACHED = 64;

/**
 * Skips the work: answers every request for a prompt with one picture of that prompt, made once
 * under another seed. Its commitment opens and its file is a fine PNG; only likeness tells.
 */
export function cachedOtherSeed(): Conduct {
  const cache = new Map<string, Generated>();
  return {
    ...honest,
    name: 'cached-other-seed',
    produce: async (request, { generate }) => {
      const key = cacheKey(request);
      const cached = cache.get(key);
      if (cached) return cached;
      const made = await generate({ ...request, seed: (request.seed + 1n) % 2n ** 64n });
      if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value as string);
      cache.set(key, made);
      return made;
    },
  };
}

function cacheKey({ prompt, negativePrompt, width, height }: TextToImage): string {
  return JSON.stringify([prompt, negativePrompt, width, height]);
}
