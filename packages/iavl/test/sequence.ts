/** The operations of vectors/iavl, made again: see sequence.go there. */
export interface Sequence {
  readonly seed: number;
  readonly keys: number;
  readonly key_bytes: number;
  readonly value_bytes: number;
  readonly remove_percent: number;
  readonly ascending: boolean;
}

export interface Operation {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

export function* operations(sequence: Sequence): Generator<Operation, never> {
  const { keys, key_bytes, value_bytes, remove_percent, ascending } = sequence;
  const number = generator(sequence.seed);
  for (let made = 0; ; made++) {
    const isRemoval = number() % 100 < remove_percent;
    const name = number() % keys;
    const key = ascending ? bigEndian(made, key_bytes) : bytes(generator(name + 1), key_bytes);
    yield { key, value: isRemoval ? undefined : bytes(number, value_bytes) };
  }
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}

const bytes = (number: () => number, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => number() % 256);

const bigEndian = (value: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (value >>> (8 * (length - 1 - i))) % 256);
