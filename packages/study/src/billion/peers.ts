import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HashSet, hashSet } from '@semblance/perceptual-hash/hamming/hash-set';
import {
  countNearAcross,
  countNearWithin,
  histogramWithin,
} from '@semblance/perceptual-hash/hamming/plan';
import type { HammingPool } from '../hamming/pool.ts';
import type { BillionRun, HashSets } from './billion.ts';
import { runPython } from './python.ts';

/** Another program's way to the same counts, measured in the same run. */
export type Peer = MeasuredPeer | AbsentPeer;

interface MeasuredPeer {
  readonly name: string;
  readonly task: 'same class' | 'cross set';
  /** Pairs that it compared, or that its index stood for. */
  readonly samplePairs: number;
  readonly sampleSeconds: number;
  /** For all pairs of the task, at the sample's rate. */
  readonly scaledSeconds: number;
  /** Its seconds for all pairs over ours. */
  readonly ratio: number;
  /** Whether it found the same number of pairs in the sample as the kernels. */
  readonly agrees: boolean;
}

interface AbsentPeer {
  readonly name: string;
  readonly absent: string;
}

/** Hashes of a sample that Python compares pair by pair. */
const PYTHON_SAMPLE = 600;
const FAISS_CLASSES = 20;
const FLAT_QUERIES = 1000;
const MULTI_QUERIES = 100_000;
const RADIUS = 2;

interface HexAnswer {
  readonly seconds: number;
  readonly histogram: readonly number[];
}

interface FaissAnswer {
  readonly version: string;
  readonly threads: number;
  readonly within: { readonly seconds: number; readonly counts: readonly number[] };
  readonly flat: FaissAcross;
  readonly multi: FaissAcross;
}

interface FaissAcross {
  /** Seconds to build the index over all of b. */
  readonly build: number;
  readonly seconds: number;
  readonly counts: readonly number[];
}

/** The original's way in Python and FAISS's binary indexes, where they are on this machine. */
export async function measurePeers(
  pool: HammingPool,
  sets: HashSets,
  run: BillionRun,
): Promise<Peer[]> {
  if (sets.a.bits !== 64) return [{ name: 'Python', absent: 'compared on 64-bit hashes only' }];
  if (run.sameClass.pairs === 0) return [{ name: 'Python', absent: 'no pairs of one class' }];
  const folder = await mkdtemp(join(tmpdir(), 'semblance-billion-'));
  try {
    return [
      await hexCharacters(pool, folder, sets, run),
      ...(await faissIndexes(pool, folder, sets, run)),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function hexCharacters(
  pool: HammingPool,
  folder: string,
  { a }: HashSets,
  run: BillionRun,
): Promise<Peer> {
  const name = 'hex characters in Python';
  const sample = first(a, PYTHON_SAMPLE);
  const file = join(folder, 'sample');
  await writeFile(file, sample.bytes);
  const answer = runPython<HexAnswer>('hex_characters.py', [file]);
  if (!answer.ran) return { name, absent: answer.reason };
  const { seconds, histogram } = answer.result;
  const ours = await pool.compute(histogramWithin(sample, 'hex-digits'));
  const samplePairs = (sample.count * (sample.count - 1)) / 2;
  return measured({
    name,
    task: 'same class',
    samplePairs,
    sampleSeconds: seconds,
    scale: run.sameClassHexDigits.pairs / samplePairs,
    ourSeconds: run.sameClassHexDigits.seconds,
    agrees: isSame(histogram, ours),
  });
}

async function faissIndexes(
  pool: HammingPool,
  folder: string,
  sets: HashSets,
  run: BillionRun,
): Promise<Peer[]> {
  const { a, b } = sets;
  const perClass = Math.min(sets.perClass, a.count);
  const [fileA, fileB] = [join(folder, 'a'), join(folder, 'b')];
  await Promise.all([writeFile(fileA, a.bytes), writeFile(fileB, b.bytes)]);
  const classes = Math.min(FAISS_CLASSES, Math.floor(a.count / perClass));
  const queries = { flat: first(a, FLAT_QUERIES), multi: first(a, MULTI_QUERIES) };
  const numbers = [perClass, classes, queries.flat.count, queries.multi.count].map(String);
  const answer = runPython<FaissAnswer>('faiss_range.py', [fileA, fileB, ...numbers]);
  if (!answer.ran) return [{ name: 'FAISS', absent: answer.reason }];
  const { version, threads, within, flat, multi } = answer.result;
  const faiss = `FAISS ${version}, ${threads} threads`;

  const samplePairs = (classes * perClass * (perClass - 1)) / 2;
  const peers = [
    measured({
      name: `${faiss}: IndexBinaryFlat, distances 0 to ${RADIUS}`,
      task: 'same class',
      samplePairs,
      sampleSeconds: within.seconds,
      scale: run.sameClass.pairs / samplePairs,
      ourSeconds: run.sameClass.seconds,
      agrees: isSame(within.counts, await countClasses(pool, a, perClass, classes)),
    }),
  ];
  for (const [index, sample, { build, seconds, counts }] of [
    ['IndexBinaryFlat', queries.flat, flat],
    ['IndexBinaryMultiHash', queries.multi, multi],
  ] as const) {
    const scaled = build + (seconds * a.count) / sample.count;
    peers.push(
      measured({
        name: `${faiss}: ${index}`,
        task: 'cross set',
        samplePairs: sample.count * b.count,
        sampleSeconds: build + seconds,
        scale: scaled / (build + seconds),
        ourSeconds: run.cross.seconds,
        agrees: isSame(counts, await pool.compute(countNearAcross(sample, b, RADIUS))),
      }),
    );
  }
  return peers;
}

async function countClasses(
  pool: HammingPool,
  a: HashSet,
  perClass: number,
  classes: number,
): Promise<number[]> {
  const counts = new Array<number>(RADIUS + 1).fill(0);
  for (let n = 0; n < classes; n++) {
    const bytes = a.bytes.subarray(n * perClass * 8, (n + 1) * perClass * 8);
    const near = await pool.compute(countNearWithin(hashSet(64, bytes), RADIUS));
    near.forEach((pairs, distance) => {
      counts[distance] = (counts[distance] as number) + pairs;
    });
  }
  return counts;
}

function measured({
  scale,
  ourSeconds,
  ...peer
}: Omit<MeasuredPeer, 'scaledSeconds' | 'ratio'> & {
  readonly scale: number;
  readonly ourSeconds: number;
}): MeasuredPeer {
  const scaledSeconds = peer.sampleSeconds * scale;
  return { ...peer, scaledSeconds, ratio: scaledSeconds / ourSeconds };
}

function first(set: HashSet, count: number): HashSet {
  return hashSet(set.bits, set.bytes.subarray(0, (Math.min(count, set.count) * set.bits) / 8));
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((count, n) => count === b[n]);
}
