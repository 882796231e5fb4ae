import type { DistinctHashes } from './distinct.ts';
import type { JobRunner, NearJob, PartialResult } from './job.ts';
import type { Kernels } from './kernels.ts';
import type { Segments } from './segments.ts';

/** Hashes that stream through the kernels' memory at a time. */
const BLOCK = 4096;
const MATCH_BYTES = 12;
const FIRST_CAPACITY = 4096;
/** No segment: all pairs of a block are compared, and each of them once. */
const NO_SEGMENT = -1;

export function nearRunner(kernels: Kernels, job: NearJob): JobRunner {
  return job.segments ? segmentRunner(kernels, job, job.segments) : blockRunner(kernels, job);
}

/** A piece is one part of the buckets of one segment. */
function segmentRunner(kernels: Kernels, job: NearJob, segments: Segments): JobRunner {
  const words = job.a.hashes.bits / 64;
  const parts = 2 ** segments.partBits;
  const gatherer = new Gatherer(kernels, words);
  const masks = kernels.reserve(segments.masks.byteLength);
  kernels.uint64(masks, segments.masks.length).set(segments.masks);
  const join = new Join(kernels, job, masks);
  return {
    pieces: segments.count * parts,
    run(piece) {
      const start = kernels.mark;
      const segment = Math.floor(piece / parts);
      const sorting = reserveWords(kernels, [
        masks + segment * words * 8,
        31 - segments.bucketBits,
        segments.bucketBits - segments.partBits,
        piece % parts,
      ]);
      const buckets = 2 ** (segments.bucketBits - segments.partBits);
      const sort = (set: DistinctHashes): number => {
        const gathered = gatherer.gather(set, 0, set.hashes.count, sorting);
        const starts = kernels.reserveZeros((buckets + 2) * 4);
        const records = kernels.reserve(gathered.count * recordBytes(words));
        const side = reserveWords(kernels, [records, starts]);
        kernels.run.sortIntoBuckets(words, gathered.records, gathered.count, sorting, side);
        return side;
      };
      join.run(segment, sort(job.a), job.b && sort(job.b), buckets);
      kernels.release(start);
    },
    partial: () => join.partial(),
  };
}

/** A piece is a block of the larger set against every block of the other, or every later block. */
function blockRunner(kernels: Kernels, job: NearJob): JobRunner {
  const words = job.a.hashes.bits / 64;
  const gatherer = new Gatherer(kernels, words);
  const everything = reserveWords(kernels, [kernels.reserveZeros(words * 8), 0, 0, 0]);
  const join = new Join(kernels, job, 0);
  const load = (set: DistinctHashes, first: number): number => {
    const { records, count } = gatherer.gather(set, first, first + BLOCK, everything);
    return reserveWords(kernels, [records, reserveWords(kernels, [0, count])]);
  };
  const { a, b } = job;
  const bIsLarger = b !== undefined && b.hashes.count > a.hashes.count;
  const [fixed, others] = bIsLarger ? [b, a] : [a, b ?? a];
  return {
    pieces: Math.ceil(fixed.hashes.count / BLOCK),
    run(piece) {
      const start = kernels.mark;
      const block = load(fixed, piece * BLOCK);
      if (b === undefined) join.run(NO_SEGMENT, block, undefined, 1);
      const loaded = kernels.mark;
      const next = b === undefined ? (piece + 1) * BLOCK : 0;
      for (let first = next; first < others.hashes.count; first += BLOCK) {
        const other = load(others, first);
        if (bIsLarger) join.run(NO_SEGMENT, other, block, 1);
        else join.run(NO_SEGMENT, block, other, 1);
        kernels.release(loaded);
      }
      kernels.release(start);
    },
    partial: () => join.partial(),
  };
}

/** Streams hashes into records: see assembly/buckets.ts. */
class Gatherer {
  readonly #kernels: Kernels;
  readonly #words: number;
  readonly #block: number;
  readonly #weights: number;

  constructor(kernels: Kernels, words: number) {
    this.#kernels = kernels;
    this.#words = words;
    this.#block = kernels.reserve(BLOCK * words * 8);
    this.#weights = kernels.reserve(BLOCK * 4);
  }

  /** The records of those hashes from `start` to `end` that belong to the part. */
  gather({ hashes, weights }: DistinctHashes, start: number, end: number, sorting: number) {
    const kernels = this.#kernels;
    const words = this.#words;
    const size = words * 8;
    const records = kernels.mark;
    let count = 0;
    for (let first = start; first < Math.min(end, hashes.count); first += BLOCK) {
      const last = Math.min(first + BLOCK, end, hashes.count);
      kernels
        .bytes(this.#block, (last - first) * size)
        .set(hashes.bytes.subarray(first * size, last * size));
      kernels.uint32(this.#weights, last - first).set(weights.subarray(first, last));
      const to = kernels.reserve((last - first) * recordBytes(words));
      const block = last - first;
      count += kernels.run.gather(words, this.#block, this.#weights, first, block, sorting, to);
      kernels.release(records + count * recordBytes(words));
    }
    return { records, count };
  }
}

function recordBytes(words: number): number {
  return words * 8 + 8;
}

/** A structure of 32-bit fields. */
function reserveWords(kernels: Kernels, fields: readonly number[]): number {
  const at = kernels.reserve(fields.length * 4);
  kernels.uint32(at, fields.length).set(fields);
  return at;
}

/** Joins sides and keeps what they gave. */
class Join {
  readonly #kernels: Kernels;
  readonly #job: NearJob;
  readonly #masks: number;
  readonly #counter: number;
  readonly #counts: number[];
  readonly #matches: Uint32Array[] = [];
  #capacity: number;

  constructor(kernels: Kernels, job: NearJob, masks: number) {
    this.#kernels = kernels;
    this.#job = job;
    this.#masks = masks;
    this.#counts = new Array<number>(job.threshold + 1).fill(0);
    this.#counter = kernels.reserve((job.threshold + 1) * 8);
    this.#capacity = job.listUpTo > 0 ? FIRST_CAPACITY : 0;
  }

  run(segment: number, a: number, b: number | undefined, buckets: number): void {
    const kernels = this.#kernels;
    const start = kernels.mark;
    const matches = kernels.reserve(this.#capacity * MATCH_BYTES);
    const found = this.#join(segment, a, b, buckets, matches);
    this.#count();
    if (this.#capacity > 0 && found > this.#capacity) {
      // Within the limit, and now it is known how much room they take: once more.
      kernels.reserve((found - this.#capacity) * MATCH_BYTES);
      this.#capacity = found;
      this.#join(segment, a, b, buckets, matches);
    }
    if (this.#capacity > 0 && found > 0) {
      this.#matches.push(kernels.uint32(matches, found * 3).slice());
    }
    kernels.release(start);
  }

  #join(segment: number, a: number, b: number | undefined, buckets: number, to: number): number {
    const { run } = this.#kernels;
    const words = this.#job.a.hashes.bits / 64;
    const unit = this.#job.unit === 'bits' ? 0 : 1;
    this.#kernels.uint64(this.#counter, this.#counts.length).fill(0n);
    run.joinFor(this.#job.threshold, segment, this.#masks, this.#counter, to, this.#capacity);
    return b === undefined
      ? run.joinWithin(words, unit, a, buckets)
      : run.joinAcross(words, unit, a, b, buckets);
  }

  #count(): void {
    this.#kernels.uint64(this.#counter, this.#counts.length).forEach((pairs, distance) => {
      this.#counts[distance] = (this.#counts[distance] as number) + Number(pairs);
    });
    const total = this.#counts.reduce((sum, pairs) => sum + pairs, 0);
    if (total <= this.#job.listUpTo) return;
    // The counts alone say that there are too many, so nothing is listed any more.
    this.#capacity = 0;
    this.#matches.length = 0;
  }

  partial(): PartialResult {
    return { counts: this.#counts, matches: this.#matches };
  }
}
