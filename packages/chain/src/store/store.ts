/** One key's new value, or its removal. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Keys with their values. */
export type Entries = Iterable<readonly [key: Uint8Array, value: Uint8Array]>;

/**
 * Where committed state lives. Synchronous; keys are 1 to 255 bytes in byte order.
 * The application only ever sees committed state through it and writes once a block.
 */
export interface Store {
  get(key: Uint8Array): Uint8Array | undefined;
  /** Entries with start <= key < end, ascending. */
  range(start: Uint8Array, end: Uint8Array): Entries;
  /** The same, descending. */
  rangeReverse(start: Uint8Array, end: Uint8Array): Entries;
  /**
   * Applies all changes or none, durably, whatever happens to the process. They are asked for one by
   * one, so that more of them can be written than memory holds; where one throws, none is applied.
   */
  write(changes: Iterable<Change>): void;
}
