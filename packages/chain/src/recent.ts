/**
 * Results of a pure function that were asked for lately: between `capacity` and twice as many, so
 * that nobody can fill memory by asking for ever new ones.
 */
export class Recent<Value> {
  readonly #capacity: number;
  #newer = new Map<string, Value>();
  #older = new Map<string, Value>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): Value | undefined {
    const newer = this.#newer.get(key);
    if (newer !== undefined) return newer;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: string, value: Value): void {
    this.#newer.set(key, value);
    if (this.#newer.size < this.#capacity) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
