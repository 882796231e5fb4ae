import type { HashSet } from './hash-set.ts';
import type { HistogramAcrossJob, HistogramWithinJob, JobRunner, PartialResult } from './job.ts';
import type { Kernels } from './kernels.ts';
import { type DistanceUnit, maxDistance } from './unit.ts';

/** Columns, read once for each row, fill half of a 32 KiB first-level cache. */
const BLOCK_BYTES = 16 * 1024;
/** The table's 32-bit counters hold the pairs since the last fold, with room for one more block. */
const FOLD_AFTER = 2 ** 31;

/** A piece is a block of one group against itself and every later block of the group. */
export function histogramWithinRunner(kernels: Kernels, job: HistogramWithinJob): JobRunner {
  const table = new JointTable(kernels, job.set, job.unit);
  const { set, ends } = job;
  const firstPiece = new Uint32Array(ends.length + 1);
  for (let group = 0; group < ends.length; group++) {
    const size = (ends[group] as number) - startOf(ends, group);
    firstPiece[group + 1] = (firstPiece[group] as number) + Math.ceil(size / table.block);
  }
  return {
    pieces: firstPiece[ends.length] as number,
    run(piece) {
      const group = lastAtMost(firstPiece, piece);
      const end = ends[group] as number;
      const start = startOf(ends, group) + (piece - (firstPiece[group] as number)) * table.block;
      table.loadRows(set, start, end);
      table.within();
      for (let other = start + table.block; other < end; other += table.block) {
        table.loadColumns(set, other, end);
        table.across();
      }
    },
    partial: () => table.partial(),
  };
}

/** A piece is a block of the larger set against every block of the other. */
export function histogramAcrossRunner(kernels: Kernels, job: HistogramAcrossJob): JobRunner {
  const table = new JointTable(kernels, job.a, job.unit);
  const [large, small] = job.a.count >= job.b.count ? [job.a, job.b] : [job.b, job.a];
  return {
    pieces: Math.ceil(large.count / table.block),
    run(piece) {
      table.loadRows(large, piece * table.block, large.count);
      for (let start = 0; start < small.count; start += table.block) {
        table.loadColumns(small, start, small.count);
        table.across();
      }
    },
    partial: () => table.partial(),
  };
}

/** Two blocks of hashes in the kernels' memory, and the counters of their pairs. */
class JointTable {
  /** Hashes a block. */
  readonly block: number;
  readonly #kernels: Kernels;
  readonly #words: number;
  readonly #unit: number;
  readonly #bins: number;
  readonly #rows: number;
  readonly #columns: number;
  readonly #table: number;
  readonly #histogram: number;
  #rowCount = 0;
  #columnCount = 0;
  #unfolded = 0;

  constructor(kernels: Kernels, { bits }: HashSet, unit: DistanceUnit) {
    this.#kernels = kernels;
    this.#words = bits / 64;
    this.#unit = unit === 'bits' ? 0 : 1;
    this.#bins = maxDistance(bits, unit) + 1;
    this.block = Math.floor(BLOCK_BYTES / (bits / 8));
    this.#rows = kernels.reserve(BLOCK_BYTES);
    this.#columns = kernels.reserve(BLOCK_BYTES);
    this.#table = kernels.reserveZeros(kernels.run.tableBytes(this.#words));
    this.#histogram = kernels.reserveZeros((bits + 1) * 8);
  }

  loadRows(set: HashSet, start: number, end: number): void {
    this.#rowCount = this.#load(this.#rows, set, start, end);
  }

  loadColumns(set: HashSet, start: number, end: number): void {
    this.#columnCount = this.#load(this.#columns, set, start, end);
  }

  #load(to: number, { bits, bytes }: HashSet, start: number, end: number): number {
    const count = Math.min(this.block, end - start);
    const size = bits / 8;
    this.#kernels.bytes(to, count * size).set(bytes.subarray(start * size, (start + count) * size));
    return count;
  }

  within(): void {
    this.#makeRoom((this.#rowCount * (this.#rowCount - 1)) / 2);
    const { run } = this.#kernels;
    run.histogramWithin(this.#words, this.#unit, this.#rows, this.#rowCount, this.#table);
  }

  across(): void {
    this.#makeRoom(this.#rowCount * this.#columnCount);
    this.#kernels.run.histogramAcross(
      this.#words,
      this.#unit,
      this.#rows,
      this.#rowCount,
      this.#columns,
      this.#columnCount,
      this.#table,
    );
  }

  #makeRoom(pairs: number): void {
    if (this.#unfolded + pairs > FOLD_AFTER) this.#fold();
    this.#unfolded += pairs;
  }

  #fold(): void {
    this.#kernels.run.foldTable(this.#words, this.#table, this.#histogram);
    this.#unfolded = 0;
  }

  partial(): PartialResult {
    this.#fold();
    const counts = Array.from(this.#kernels.uint64(this.#histogram, this.#bins), Number);
    return { counts, matches: [] };
  }
}

function startOf(ends: Uint32Array, group: number): number {
  return group === 0 ? 0 : (ends[group - 1] as number);
}

/** The last index whose value is at most `value`; values ascend and the first is 0. */
function lastAtMost(values: Uint32Array, value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((values[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
