import { SemblanceError } from '@semblance/core/errors';

/*
 * A strict zlib decoder of our own, because what a judge accepts must be what every viewer opens:
 * the pure JavaScript inflaters take over-subscribed codes, stored blocks with a wrong complement
 * and bytes after the end, and run on past the room they were given. This one refuses what zlib
 * refuses, stops at the first byte too many, and costs time in proportion to input plus output.
 */

/** Why a zlib stream was refused. */
export class InflateError extends SemblanceError<
  'INFLATE_TRUNCATED' | 'INFLATE_BAD_DATA',
  { reason: string }
> {
  constructor(code: 'INFLATE_TRUNCATED' | 'INFLATE_BAD_DATA', reason: string) {
    super(code, `zlib stream: ${reason}`, { reason });
  }
}

/** Most bytes that one byte of deflate can stand for: 258 for every two bits. */
const greatestExpansion = 1032;

/**
 * Decompresses a zlib stream (RFC 1950, 1951) that must hold exactly `length` bytes and nothing
 * after them. No more than `length` bytes are allocated, and none when the stream is too short to
 * hold so many.
 *
 * @throws InflateError on anything else.
 */
export function inflate(stream: Uint8Array, length: number): Uint8Array {
  const windowSize = readHeader(stream);
  if (length > stream.length * greatestExpansion) throw truncated();
  const source = new BitSource(stream, 2);
  const output = new Uint8Array(length);
  let written = 0;
  let isLast = false;
  while (!isLast) {
    isLast = source.take(1) === 1;
    written = inflateBlock(source, output, written, windowSize);
  }
  if (written !== length) throw badData(`${written} bytes instead of ${length}`);
  const end = source.alignToByte();
  checkTrailer(stream, end, output);
  return output;
}

function truncated(): InflateError {
  return new InflateError('INFLATE_TRUNCATED', 'ends too early');
}

function badData(reason: string): InflateError {
  return new InflateError('INFLATE_BAD_DATA', reason);
}

/** Checks the two header bytes and returns the size of the window in bytes. */
function readHeader(stream: Uint8Array): number {
  if (stream.length < 2) throw truncated();
  const [method, flags] = stream as unknown as readonly [number, number];
  if (((method << 8) | flags) % 31 !== 0) throw badData('bad header check');
  if ((method & 15) !== 8) throw badData('not deflate');
  if (method >> 4 > 7) throw badData('window too large');
  if ((flags & 0x20) !== 0) throw badData('needs a preset dictionary');
  return 1 << ((method >> 4) + 8);
}

function checkTrailer(stream: Uint8Array, at: number, output: Uint8Array): void {
  if (stream.length < at + 4) throw truncated();
  if (stream.length > at + 4) throw badData('bytes after the end');
  const claimed = new DataView(stream.buffer, stream.byteOffset).getUint32(at);
  if (claimed !== adler32(output)) throw badData('wrong checksum');
}

function adler32(bytes: Uint8Array): number {
  const modulus = 65521;
  const run = 3800; // as many as keep both sums below 2^31
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += run) {
    const end = Math.min(bytes.length, start + run);
    for (let i = start; i < end; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= modulus;
    b %= modulus;
  }
  return ((b << 16) | a) >>> 0;
}

/** Bits of a byte string, lowest first. */
class BitSource {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Next `count` bits, at most 16, as a number. */
  take(count: number): number {
    this.#refill();
    if (count > this.#count) throw truncated();
    const value = this.#bits & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  /** Next symbol of a code. */
  takeSymbol(code: HuffmanCode): number {
    this.#refill();
    const entry = code.lookup[this.#bits & (lookupSize - 1)] as number;
    if (entry === 0) return this.#takeLongSymbol(code);
    const length = entry & 15;
    if (length > this.#count) throw truncated();
    this.#drop(length);
    return entry >> 4;
  }

  /** Next `length` whole bytes, after dropping what is left of the current one. */
  takeBytes(length: number): Uint8Array {
    const start = this.alignToByte();
    if (start + length > this.#bytes.length) throw truncated();
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** Drops what is left of the current byte and returns where the next one is. */
  alignToByte(): number {
    this.#at -= this.#count >> 3;
    this.#bits = 0;
    this.#count = 0;
    return this.#at;
  }

  /** Walks a canonical code bit by bit, for the symbols that the lookup table does not hold. */
  #takeLongSymbol({ counts, symbols }: HuffmanCode): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= longestCode; length++) {
      if (length > this.#count) throw truncated();
      code |= (this.#bits >> (length - 1)) & 1;
      const count = counts[length] as number;
      if (code - first < count) {
        this.#drop(length);
        return symbols[index + code - first] as number;
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw badData('no such code');
  }

  #refill(): void {
    while (this.#count <= 16 && this.#at < this.#bytes.length) {
      this.#bits |= (this.#bytes[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
  }

  #drop(count: number): void {
    this.#bits >>>= count;
    this.#count -= count;
  }
}

const longestCode = 15;
/** Codes up to 9 bits are looked up at once; larger tables would let tiny blocks cost much. */
const lookupBits = 9;
const lookupSize = 1 << lookupBits;

/** A canonical Huffman code: how many symbols of each length, the symbols in order of code. */
interface HuffmanCode {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
  /** By the next {@link lookupBits} bits: symbol times 16 plus length, 0 where the code is longer. */
  readonly lookup: Uint16Array;
}

/** Builds the code with the given length for each symbol, 0 for none. */
function buildCode(lengths: Uint8Array): HuffmanCode {
  const counts = new Uint16Array(longestCode + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  const starts = new Uint16Array(longestCode + 2);
  const nextCodes = new Uint16Array(longestCode + 2);
  for (let length = 1; length <= longestCode; length++) {
    const count = counts[length] as number;
    starts[length + 1] = (starts[length] as number) + count;
    nextCodes[length + 1] = ((nextCodes[length] as number) + count) << 1;
  }
  const symbols = new Uint16Array(lengths.length);
  const lookup = new Uint16Array(lookupSize);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    symbols[(starts[length] as number)++] = symbol;
    const code = (nextCodes[length] as number)++;
    if (length > lookupBits) return;
    const reversed = reverseBits(code, length);
    for (let i = reversed; i < lookupSize; i += 1 << length) lookup[i] = (symbol << 4) | length;
  });
  return { counts, symbols, lookup };
}

function reverseBits(value: number, count: number): number {
  let reversed = 0;
  for (let i = 0; i < count; i++) reversed |= ((value >> i) & 1) << (count - 1 - i);
  return reversed;
}

/** How many more codes of the greatest length there is room for; negative if over-subscribed. */
function unusedCodes({ counts }: HuffmanCode): number {
  let left = 1;
  for (let length = 1; length <= longestCode; length++) {
    left = 2 * left - (counts[length] as number);
    if (left < 0) return left;
  }
  return left;
}

/** As zlib: a literal or distance code must be complete, or have a single symbol of one bit, or none. */
function buildBlockCode(lengths: Uint8Array): HuffmanCode {
  const code = buildCode(lengths);
  const unused = unusedCodes(code);
  const isSparse = code.counts.every((count, length) => length < 2 || count === 0);
  if (unused < 0 || (unused > 0 && !isSparse)) throw badData('bad code lengths');
  return code;
}

interface BlockCodes {
  readonly literals: HuffmanCode;
  readonly distances: HuffmanCode;
}

const endOfBlock = 256;
/** Order in which the lengths of the code for code lengths are stored. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

const fixedCodes: BlockCodes = {
  literals: buildCode(
    Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
  ),
  distances: buildCode(new Uint8Array(32).fill(5)),
};

/** Decodes one block behind the bytes already written; returns how many are written then. */
function inflateBlock(
  source: BitSource,
  output: Uint8Array,
  written: number,
  windowSize: number,
): number {
  switch (source.take(2)) {
    case 0:
      return copyStored(source, output, written);
    case 1:
      return inflateCodes(source, fixedCodes, output, written, windowSize);
    case 2:
      return inflateCodes(source, readCodes(source), output, written, windowSize);
    default:
      throw badData('no such block type');
  }
}

function copyStored(source: BitSource, output: Uint8Array, written: number): number {
  const [a, b, c, d] = source.takeBytes(4) as unknown as readonly [number, number, number, number];
  const length = a | (b << 8);
  if ((length ^ (c | (d << 8))) !== 0xffff) throw badData('stored length without its complement');
  if (length > output.length - written) throw tooLong(output);
  output.set(source.takeBytes(length), written);
  return written + length;
}

function tooLong(output: Uint8Array): InflateError {
  return badData(`more than ${output.length} bytes`);
}

/** Reads the codes at the head of a dynamic block. */
function readCodes(source: BitSource): BlockCodes {
  const literalCount = source.take(5) + 257;
  const distanceCount = source.take(5) + 1;
  const lengthCount = source.take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) throw badData('too many codes');
  const lengthLengths = new Uint8Array(lengthOrder.length);
  for (const symbol of lengthOrder.slice(0, lengthCount)) lengthLengths[symbol] = source.take(3);
  const lengthCode = buildCode(lengthLengths);
  if (unusedCodes(lengthCode) !== 0) throw badData('bad code lengths');
  const lengths = readLengths(source, lengthCode, literalCount + distanceCount);
  if (lengths[endOfBlock] === 0) throw badData('no code for the end of the block');
  return {
    literals: buildBlockCode(lengths.subarray(0, literalCount)),
    distances: buildBlockCode(lengths.subarray(literalCount)),
  };
}

/** Reads run-length coded code lengths. */
function readLengths(source: BitSource, code: HuffmanCode, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  for (let at = 0; at < count; ) {
    const symbol = source.takeSymbol(code);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw badData('nothing to repeat');
    const repeated = symbol === 16 ? (lengths[at - 1] as number) : 0;
    const end = at + readRepeat(source, symbol);
    if (end > count) throw badData('too many code lengths');
    lengths.fill(repeated, at, end);
    at = end;
  }
  return lengths;
}

function readRepeat(source: BitSource, symbol: number): number {
  if (symbol === 16) return 3 + source.take(2);
  return symbol === 17 ? 3 + source.take(3) : 11 + source.take(7);
}

const longestMatch = 258;
const lengthBits = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
] as const;
/** First length of each length symbol; the last is 258 alone. */
const lengthStarts = firstValues(lengthBits, 3).with(28, longestMatch);
const distanceBits = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
] as const;
const distanceStarts = firstValues(distanceBits, 1);

/** Where the range of each symbol starts, the ranges lying end to end from `first` on. */
function firstValues(extraBits: readonly number[], first: number): number[] {
  let next = first;
  return extraBits.map((bits) => {
    const start = next;
    next += 1 << bits;
    return start;
  });
}

function inflateCodes(
  source: BitSource,
  { literals, distances }: BlockCodes,
  output: Uint8Array,
  start: number,
  windowSize: number,
): number {
  let written = start;
  for (;;) {
    const symbol = source.takeSymbol(literals);
    if (symbol === endOfBlock) return written;
    if (symbol < endOfBlock) {
      if (written === output.length) throw tooLong(output);
      output[written++] = symbol;
      continue;
    }
    const length = readValue(source, symbol - endOfBlock - 1, lengthStarts, lengthBits);
    const distanceSymbol = source.takeSymbol(distances);
    const distance = readValue(source, distanceSymbol, distanceStarts, distanceBits);
    if (distance > written || distance > windowSize) throw badData('distance too far back');
    if (length > output.length - written) throw tooLong(output);
    for (const end = written + length; written < end; written++) {
      output[written] = output[written - distance] as number;
    }
  }
}

/** The length or distance that a symbol and its extra bits stand for. */
function readValue(
  source: BitSource,
  symbol: number,
  starts: readonly number[],
  extraBits: readonly number[],
): number {
  const start = starts[symbol];
  if (start === undefined) throw badData('no such length or distance');
  return start + source.take(extraBits[symbol] as number);
}
