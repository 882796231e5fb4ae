import { fromHex } from '@semblance/core/bytes';
import { hammingDistance } from '@semblance/perceptual-hash/hamming';
import type { PictureRecord } from '../generate/record.ts';
import { type ByHash, HASH_NAMES, type HashName } from '../result.ts';

/** What one source, a profile or an adversary, handed in for every job, by job. */
export interface Pictures {
  readonly source: string;
  /** Undefined where there is none. */
  readonly hashes: ByHash<readonly (Uint8Array | undefined)[]>;
  /** SHA-256 of the file, hexadecimal. */
  readonly files: readonly (string | undefined)[];
  /** Times of what was made: to make it, and to take each hash. */
  readonly ms: readonly number[];
  readonly hashMs: ByHash<readonly number[]>;
}

/** Every hash's result of one function. */
export function byHash<T>(make: (name: HashName) => T): ByHash<T> {
  const entries = HASH_NAMES.map((name) => [name, make(name)] as const);
  return Object.fromEntries(entries) as unknown as ByHash<T>;
}

/** Collects the records of each source; of records made twice the first counts. */
export class PictureCollection {
  readonly #jobs: number;
  readonly #bySource = new Map<string, (PictureRecord | undefined)[]>();

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  add(record: PictureRecord): void {
    const records = this.#bySource.get(record.source) ?? new Array(this.#jobs).fill(undefined);
    records[record.job] ??= record;
    this.#bySource.set(record.source, records);
  }

  of(source: string): Pictures {
    const records = this.#bySource.get(source) ?? new Array(this.#jobs).fill(undefined);
    const made = records.map((record) => (record?.made ? record : undefined));
    const present = made.filter((record) => record !== undefined);
    return {
      source,
      hashes: byHash((name) => {
        const at = HASH_NAMES.indexOf(name);
        return made.map((record) => record && fromHex(record.hashes[at] as string));
      }),
      files: made.map((record) => record?.file),
      ms: present.map(({ ms }) => ms),
      hashMs: byHash((name) => {
        const at = HASH_NAMES.indexOf(name);
        return present.map(({ hashMs }) => hashMs[at] as number);
      }),
    };
  }
}

/** Pictures that somebody hands in who has those of `source`, job by job of another job. */
export function reused(
  source: Pictures,
  name: string,
  jobOf: (job: number) => number | undefined,
): Pictures {
  const from = source.files.map((_, job) => jobOf(job));
  const pick = <T>(values: readonly (T | undefined)[]) =>
    from.map((job) => (job === undefined ? undefined : values[job]));
  return {
    source: name,
    hashes: byHash((hash) => pick(source.hashes[hash])),
    files: pick(source.files),
    ms: [],
    hashMs: byHash(() => []),
  };
}

/** Bins of a histogram of distances in bits, and in hex digits. */
export const BIT_BINS = 65;
export const DIGIT_BINS = 17;
/** Thresholds that are reported wherever each is told by itself. */
export const MAX_THRESHOLD = 10;

/** Distances by job between two sources under one hash, in bits; undefined where one is missing. */
export function distancesBetween(
  a: Pictures,
  b: Pictures,
  hash: HashName,
  distance: (a: Uint8Array, b: Uint8Array) => number = hammingDistance,
): (number | undefined)[] {
  return a.hashes[hash].map((one, job) => {
    const other = b.hashes[hash][job];
    return one === undefined || other === undefined ? undefined : distance(one, other);
  });
}

export function histogramOf(values: Iterable<number | undefined>, bins: number): number[] {
  const histogram = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (value !== undefined) histogram[value] = (histogram[value] as number) + 1;
  }
  return histogram;
}

export function addHistograms(all: readonly (readonly number[])[]): number[] {
  return Array.from({ length: BIT_BINS }, (_, bin) =>
    all.reduce((sum, histogram) => sum + (histogram[bin] ?? 0), 0),
  );
}

/** Counts at or under each bin. */
export function cumulative(histogram: readonly number[]): number[] {
  let sum = 0;
  return histogram.map((count) => {
    sum += count;
    return sum;
  });
}

export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, x) => sum + x, 0) / values.length;
}

export function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
