/** Takes bytes by number out of a stream of chunks, one chunk in memory at a time. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#position;
  }

  /** The next `length` bytes, or as many as there are before the end. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    for await (const part of this.#parts(length)) {
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes.subarray(0, filled);
  }

  /** Passes over `length` bytes and says how many there were. */
  async skip(length: number): Promise<number> {
    let passed = 0;
    for await (const part of this.#parts(length)) passed += part.length;
    return passed;
  }

  /** All that is left, as it comes. */
  rest(): AsyncGenerator<Uint8Array> {
    return this.#parts(Number.POSITIVE_INFINITY);
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async *#parts(length: number): AsyncGenerator<Uint8Array> {
    for (let wanted = length; wanted > 0; ) {
      while (this.#chunk.length === 0) {
        const { value, done } = await this.#chunks.next();
        if (done) return;
        this.#chunk = value;
      }
      const part = this.#chunk.subarray(0, wanted);
      this.#chunk = this.#chunk.subarray(part.length);
      this.#position += part.length;
      wanted -= part.length;
      yield part;
    }
  }
}
