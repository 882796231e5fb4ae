import { InvalidInputError } from '@semblance/core/errors';
import { type HashSet, MAX_HASHES } from '@semblance/perceptual-hash/hamming/hash-set';
import { countNearAcross, histogramWithin } from '@semblance/perceptual-hash/hamming/plan';
import { type HammingPool, startHammingPool } from '../hamming/pool.ts';
import { readHashFile } from '../hash-file.ts';
import type { HashName } from '../pictures/record.ts';
import { clusteredHashes, type Shape, uniformHashes } from './made-hashes.ts';
import { measurePeers, type Peer } from './peers.ts';

/** Near pairs are counted up to here: the threshold of the paper's reference point. */
const THRESHOLD = 2;

export type BillionHashes =
  | (Shape & { readonly from: 'seed'; readonly seed: number })
  | {
      readonly from: 'files';
      /** Consecutive hashes of a class, `perClass` of them each; the last class may be smaller. */
      readonly file: string;
      /** The other side of the cross-set run; by default the file itself. */
      readonly against: string | undefined;
      /** Which hash, where a file holds records of pictures. By default the average hash. */
      readonly hash?: HashName | undefined;
      readonly perClass: number;
    };

export interface BillionOptions {
  readonly hashes: BillionHashes;
  /** By default one a core. */
  readonly threads: number | undefined;
  /** Whether Python's ways are measured beside. */
  readonly peers: boolean;
}

export interface BillionReport {
  readonly threads: number;
  readonly runs: readonly BillionRun[];
  /** Beside the first run; empty when they were not asked for. */
  readonly peers: readonly Peer[];
  /** The most memory that this process held at a time, its threads included. */
  readonly peakBytes: number;
}

/** The measurements on one pair of sets. */
export interface BillionRun {
  /** `uniform`, `clustered`, or the file. */
  readonly hashes: string;
  readonly bits: number;
  readonly count: number;
  readonly classes: number;
  /** Pairs of the same class, by bits; the seconds include starting the threads. */
  readonly sameClass: Timed & { readonly histogram: readonly number[] };
  /** The same pairs by hexadecimal digits. */
  readonly sameClassHexDigits: Timed & { readonly histogram: readonly number[] };
  /** Every hash of the first set with every hash of the second. */
  readonly cross: Timed & {
    /** Pairs within 0, 1, ... bits of each other. */
    readonly within: readonly number[];
  };
}

export interface Timed {
  readonly pairs: number;
  /** Wall time from hashes in memory to the result. */
  readonly seconds: number;
}

/** Two sets of hashes, the first of which is in classes. */
export interface HashSets {
  readonly name: string;
  readonly a: HashSet;
  readonly b: HashSet;
  readonly perClass: number;
}

/**
 * The experiment of "A Proof By A Billion Hashes" (arXiv 2307.01898) in its shape: distances of all
 * pairs of the same class, and near pairs among all pairs of two sets. Made hashes are run twice,
 * uniform and clustered.
 *
 * @throws InvalidInputError for a shape, a number of threads or a file that is not usable.
 */
export async function runBillion(options: BillionOptions): Promise<BillionReport> {
  const runs: BillionRun[] = [];
  let peers: Peer[] = [];
  let threads = 0;
  // Held one at a time: two pairs of sets would double the memory.
  for (const make of setsOf(options.hashes)) {
    const sets = await make();
    const started = performance.now();
    const pool = startHammingPool(options.threads);
    threads = pool.threads;
    try {
      const run = await measure(pool, sets, started);
      if (options.peers && runs.length === 0) peers = await measurePeers(pool, sets, run);
      runs.push(run);
    } finally {
      await pool.close();
    }
  }
  return { threads, runs, peers, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

function setsOf(hashes: BillionHashes): (() => Promise<HashSets> | HashSets)[] {
  requireCount('per-class', hashes.perClass);
  if (hashes.from === 'files') return [() => readSets(hashes)];
  requireCount('classes', hashes.classes);
  if (hashes.classes * hashes.perClass > MAX_HASHES) {
    throw new InvalidInputError('classes', `more than ${MAX_HASHES} hashes in all`);
  }
  return [
    { name: 'uniform', make: uniformHashes },
    { name: 'clustered', make: clusteredHashes },
  ].map(({ name, make }) => () => ({
    name,
    a: make({ ...hashes, set: 0 }),
    b: make({ ...hashes, set: 1 }),
    perClass: hashes.perClass,
  }));
}

async function readSets(files: BillionHashes & { from: 'files' }): Promise<HashSets> {
  const a = await readHashFile(files.file, files.hash);
  const b = files.against === undefined ? a : await readHashFile(files.against, files.hash);
  if (a.bits !== b.bits) {
    throw new InvalidInputError('against', `${b.bits}-bit hashes beside ${a.bits}-bit ones`);
  }
  return { name: files.file, a, b, perClass: files.perClass };
}

async function measure(pool: HammingPool, sets: HashSets, started: number): Promise<BillionRun> {
  const { a, b, perClass } = sets;
  const classes = Math.ceil(a.count / perClass);
  const ends = Uint32Array.from({ length: classes }, (_, n) =>
    Math.min((n + 1) * perClass, a.count),
  );
  const byBits = await pool.compute(histogramWithin(a, 'bits', ends));
  const bitSeconds = (performance.now() - started) / 1000;
  const [byDigits, digitSeconds] = await timed(() =>
    pool.compute(histogramWithin(a, 'hex-digits', ends)),
  );
  const [near, crossSeconds] = await timed(() => pool.compute(countNearAcross(a, b, THRESHOLD)));
  const pairs = sum(byBits);
  return {
    hashes: sets.name,
    bits: a.bits,
    count: a.count,
    classes,
    sameClass: { pairs, seconds: bitSeconds, histogram: byBits },
    sameClassHexDigits: { pairs, seconds: digitSeconds, histogram: byDigits },
    cross: {
      pairs: a.count * b.count,
      seconds: crossSeconds,
      within: near.map((_, threshold) => sum(near.slice(0, threshold + 1))),
    },
  };
}

/** What the work gave, and the seconds of wall time that it took. */
async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const started = performance.now();
  const result = await work();
  return [result, (performance.now() - started) / 1000];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function requireCount(field: string, count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > MAX_HASHES) {
    throw new InvalidInputError(field, `not an integer from 1 to ${MAX_HASHES}: ${count}`);
  }
}
