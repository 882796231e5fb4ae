/*
 * Go's variable-length integers as IAVL uses them: signed ones are zigzagged, so that a number
 * that is not negative is written doubled. Up to 2^52: heights of blocks stay far below.
 */

/** Writes an unsigned integer at `at`; returns the place behind it. */
export function writeUvarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let end = at;
  while (rest >= 0x80) {
    bytes[end++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[end++] = rest;
  return end;
}

/** Writes a signed integer that is not negative. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  return writeUvarint(bytes, at, value * 2);
}

/** Length of an unsigned integer. */
export function uvarintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}

/** Reads from front to back. Throws RangeError past the end, or where no such number stands. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  uvarint(): number {
    let value = 0;
    for (let unit = 1; unit <= 2 ** 49; unit *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
    }
    throw new RangeError('integer is too long');
  }

  /** A signed integer, of which only those that are not negative occur. */
  varint(): number {
    const zigzag = this.uvarint();
    if (zigzag % 2 !== 0) throw new RangeError('integer is negative');
    return zigzag / 2;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('bytes end early');
    return byte;
  }

  /** Bytes after their length, in the same memory. */
  bytes(): Uint8Array {
    const length = this.uvarint();
    const start = this.#at;
    if (start + length > this.#bytes.length) throw new RangeError('bytes end early');
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }
}
