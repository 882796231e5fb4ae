/** Remembers the newest `capacity` hashes, oldest out first. */
export class TxCache {
  readonly #hashes = new Set<string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Whether the hash is new; it is remembered from now on. */
  add(hash: string): boolean {
    if (this.#hashes.has(hash)) return false;
    this.#hashes.add(hash);
    if (this.#hashes.size > this.#capacity) {
      for (const oldest of this.#hashes) {
        this.#hashes.delete(oldest);
        break;
      }
    }
    return true;
  }

  remove(hash: string): void {
    this.#hashes.delete(hash);
  }
}
