import { fromHex } from '@semblance/core/bytes';
import { hammingDistance } from '@semblance/perceptual-hash/hamming';
import { HASH_NAMES, type HashName } from '../pictures/record.ts';
import type { Sample } from './sample.ts';
import { sketchDistance } from './sketch.ts';

/** How one runtime's samples differ from the reference's of the same prompts and seeds. */
export interface Comparison {
  readonly runtime: string;
  readonly pairs: number;
  /** Pairs whose latent 0 is not the same: 0, or a machine is broken. */
  readonly otherNoise: number;
  readonly samePixels: number;
  /** Relative distance of the latents at each quarter of the steps: root of the mean square. */
  readonly latents: readonly number[];
  /** The most bits that any pair's hashes differ in. */
  readonly mostBits: Readonly<Record<HashName, number>>;
}

/** Each runtime of `samples` against `reference`, pair by pair; runtimes without a pair left out. */
export function compareSamples(
  samples: readonly Sample[],
  reference: readonly Sample[],
): Comparison[] {
  const known = new Map(reference.map((sample) => [placeOf(sample), sample]));
  const runtimes = Map.groupBy(samples, ({ runtime }) => runtime);
  return [...runtimes].flatMap(([runtime, own]) => {
    const pairs = own.flatMap((sample) => {
      const other = known.get(placeOf(sample));
      return other === undefined ? [] : [[sample, other] as const];
    });
    return pairs.length === 0 ? [] : [compare(runtime, pairs)];
  });
}

type SamplePair = readonly [Sample, Sample];

function compare(runtime: string, pairs: readonly SamplePair[]): Comparison {
  const count = (is: (pair: SamplePair) => boolean) => pairs.filter(is).length;
  const bits = (hash: HashName) =>
    Math.max(
      ...pairs.map(([a, b]) => hammingDistance(fromHex(a.hashes[hash]), fromHex(b.hashes[hash]))),
    );
  return {
    runtime,
    pairs: pairs.length,
    otherNoise: count(([a, b]) => a.noise !== b.noise),
    samePixels: count(([a, b]) => a.pixels === b.pixels),
    latents: [0, 1, 2, 3].map((quarter) => distanceAt(quarter, pairs)),
    mostBits: Object.fromEntries(HASH_NAMES.map((hash) => [hash, bits(hash)])) as Record<
      HashName,
      number
    >,
  };
}

function distanceAt(quarter: number, pairs: readonly SamplePair[]): number {
  const squares = pairs.map(
    ([a, b]) => sketchDistance(a.sketches[quarter] as string, b.sketches[quarter] as string) ** 2,
  );
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / pairs.length);
}

function placeOf({ prompt, seed }: Sample): string {
  return `${seed} ${prompt}`;
}
