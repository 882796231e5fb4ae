import { philox } from '@semblance/inference/philox';

/**
 * Draws for a job: who is compared with whom where only one of many may be, so that trials are
 * independent. The same in every run, and for a `purpose` independent of other purposes.
 */
export function drawOne<T>(from: readonly T[], job: number, purpose: string): T {
  return drawSome(from, 1, job, purpose)[0] as T;
}

/** So many different ones, in the order of the list. */
export function drawSome<T>(
  from: readonly T[],
  count: number,
  job: number,
  purpose: string,
): readonly T[] {
  const left = from.map((_, i) => i);
  const drawn: number[] = [];
  for (let n = 0; n < count; n++) {
    const [word] = philox([job, n, 0, 0], [hashOf(purpose), DRAWS]);
    drawn.push(...left.splice(word % left.length, 1));
  }
  return drawn.sort((a, b) => a - b).map((i) => from[i] as T);
}

const DRAWS = 0x57;

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) as number), 0x01000193);
  return hash >>> 0;
}

/** All unordered pairs, smaller position first. */
export function pairsOf<T>(values: readonly T[]): [T, T][] {
  return values.flatMap((a, i) => values.slice(i + 1).map((b): [T, T] => [a, b]));
}

/** All subsets of `size`, in lexicographic order of positions. */
export function subsetsOf<T>(values: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return values.flatMap((first, i) =>
    subsetsOf(values.slice(i + 1), size - 1).map((rest) => [first, ...rest]),
  );
}
