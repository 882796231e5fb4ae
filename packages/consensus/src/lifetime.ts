/** Collects what must be closed, and closes it once, the last opened first. */
export class Lifetime {
  readonly #closers: (() => unknown)[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  /** Settles when all is closed; rejects with the failure that ended it, if one did. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Runs at the end, before what was registered earlier. */
  onEnd(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes everything. Rejects if closing fails. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  /** Closes everything and settles {@link ended}. */
  async end(): Promise<void> {
    await this.close();
    this.#ended.resolve();
  }

  /** Closes everything and rejects {@link ended}. */
  fail(error: Error): void {
    const reject = () => this.#ended.reject(error);
    this.close().then(reject, reject);
  }

  /** What cannot be closed must not keep the rest open. */
  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
