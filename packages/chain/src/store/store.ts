/** One key's new value, or its removal. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * Where committed state lives. Synchronous; keys are 1 to 255 bytes in byte order.
 * The application only ever sees committed state through it and writes once a block.
 */
export interface Store {
  get(key: Uint8Array): Uint8Array | undefined;
  /** Entries with start <= key < end, ascending. */
  range(start: Uint8Array, end: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]>;
  /** The same, descending. */
  rangeReverse(start: Uint8Array, end: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]>;
  /** Applies all changes or none, durably, whatever happens to the process. */
  write(changes: readonly Change[]): void;
}
