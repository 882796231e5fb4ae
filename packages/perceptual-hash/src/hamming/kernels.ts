import { KERNELS_WASM } from './kernels-wasm.ts';

/** What of the WebAssembly interface is used here: the same in Node and the browser. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => KernelsModule;
  Instance: new (module: KernelsModule) => { readonly exports: unknown };
};

/** The compiled kernels. Threads that are given the same module share its machine code. */
export type KernelsModule = object;

/** A position in the kernels' memory, in bytes. */
type Pointer = number;

/** The exports of assembly/index.ts, where each is described. `unit` is 0 for bits, 1 for digits. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  histogramAcross(
    words: number,
    unit: number,
    rows: Pointer,
    rowCount: number,
    columns: Pointer,
    columnCount: number,
    table: Pointer,
  ): void;
  histogramWithin(
    words: number,
    unit: number,
    hashes: Pointer,
    count: number,
    table: Pointer,
  ): void;
  tableBytes(words: number): number;
  foldTable(words: number, table: Pointer, histogram: Pointer): void;
  gather(
    words: number,
    block: Pointer,
    weights: Pointer,
    firstId: number,
    count: number,
    sorting: Pointer,
    records: Pointer,
  ): number;
  sortIntoBuckets(
    words: number,
    records: Pointer,
    count: number,
    sorting: Pointer,
    side: Pointer,
  ): void;
  joinFor(
    threshold: number,
    segment: number,
    masks: Pointer,
    counts: Pointer,
    matches: Pointer,
    capacity: number,
  ): void;
  joinAcross(words: number, unit: number, a: Pointer, b: Pointer, buckets: number): number;
  joinWithin(words: number, unit: number, a: Pointer, buckets: number): number;
}

/** Compiles the kernels, once for all threads. */
export function compileKernels(): KernelsModule {
  return new WebAssembly.Module(Uint8Array.from(atob(KERNELS_WASM), (char) => char.charCodeAt(0)));
}

const PAGE = 65_536;

/** One thread's kernels with a memory of their own, which is handed out from the bottom up. */
export class Kernels {
  readonly run: Exports;
  /** The first page holds the kernels' own tables. */
  #top = PAGE;

  constructor(module: KernelsModule) {
    this.run = new WebAssembly.Instance(module).exports as Exports;
  }

  /** Takes `bytes` bytes, a multiple of 8 rounded up, right behind those taken before. */
  reserve(bytes: number): Pointer {
    const start = this.#top;
    this.#top = Math.ceil((start + bytes) / 8) * 8;
    const missing = this.#top - this.run.memory.buffer.byteLength;
    if (missing > 0) this.run.memory.grow(Math.ceil(missing / PAGE));
    return start;
  }

  /** Takes zeros. */
  reserveZeros(bytes: number): Pointer {
    const start = this.reserve(bytes);
    this.bytes(start, bytes).fill(0);
    return start;
  }

  /** Where the next reservation will start, for {@link release}. */
  get mark(): Pointer {
    return this.#top;
  }

  /** Gives back everything taken since the mark. */
  release(mark: Pointer): void {
    this.#top = mark;
  }

  /* Views end when memory grows, so they are made anew after each reservation. */

  bytes(start: Pointer, length: number): Uint8Array {
    return new Uint8Array(this.run.memory.buffer, start, length);
  }

  uint32(start: Pointer, length: number): Uint32Array {
    return new Uint32Array(this.run.memory.buffer, start, length);
  }

  uint64(start: Pointer, length: number): BigUint64Array {
    return new BigUint64Array(this.run.memory.buffer, start, length);
  }
}
