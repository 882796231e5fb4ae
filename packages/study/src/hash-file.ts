import { type FileHandle, open, stat } from 'node:fs/promises';
import { InvalidInputError } from '@semblance/core/errors';
import { type HashSet, hashSet, MAX_HASHES } from '@semblance/perceptual-hash/hamming/hash-set';
import type { HashName } from './pictures/record.ts';
import { readRecordHashes } from './pictures/record-hashes.ts';

/** No more bytes than the most and longest hashes take, spelled in hex with a line end of two. */
const MAX_BYTES = MAX_HASHES * 66;
const CHUNK = 1 << 20;
const RAW_BYTES = 8;
const RECORD = Buffer.from('{"path":');

/**
 * Reads hashes into shared memory: one in hex a line, all of one length; or raw 64-bit integers,
 * 8 bytes each; or of the records of `hashPictures` the hash called `hash`. A file that starts like
 * hexadecimal text, or like a record, is read as such.
 *
 * @throws InvalidInputError naming the file, and the line where one is wrong.
 */
export async function readHashFile(path: string, hash: HashName = 'average'): Promise<HashSet> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    if (size === 0) throw new InvalidInputError(path, 'empty');
    if (await startsLikeRecord(file)) return await readRecordHashes(file, path, hash);
    if (size > MAX_BYTES) throw new InvalidInputError(path, `more than ${MAX_BYTES} bytes`);
    const start = new Uint8Array(Math.min(size, 4096));
    await file.read(start, 0, start.length, 0);
    return start.every(isText) ? await readHex(file, path, size) : await readRaw(file, path, size);
  } finally {
    await file.close();
  }
}

async function startsLikeRecord(file: FileHandle): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(RECORD.length), 0, RECORD.length, 0);
  return buffer.equals(RECORD);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Asked before it is opened: opening a pipe would wait for its other end.
    if ((await stat(path)).isFile()) return await open(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new InvalidInputError(path, code === 'ENOENT' ? 'no such file' : `cannot open: ${code}`, {
      cause,
    });
  }
  throw new InvalidInputError(path, 'not a file');
}

async function readRaw(file: FileHandle, path: string, size: number): Promise<HashSet> {
  if (size > MAX_HASHES * RAW_BYTES) {
    throw new InvalidInputError(path, `more than ${MAX_HASHES} hashes`);
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  let at = 0;
  for await (const chunk of chunks(file)) {
    // A file that grows while it is read is cut where it ended.
    bytes.set(chunk.subarray(0, size - at), at);
    at += Math.min(chunk.length, size - at);
  }
  return hashSet(64, bytes.subarray(0, at), path);
}

async function readHex(file: FileHandle, path: string, size: number): Promise<HashSet> {
  const reader = new HexLines(path, size);
  for await (const chunk of chunks(file)) for (const byte of chunk) reader.take(byte);
  return reader.finish();
}

async function* chunks(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const MAX_DIGITS = 64;

/** Takes hex text byte by byte. Blank lines are skipped, carriage returns before a line end too. */
class HexLines {
  readonly #path: string;
  readonly #size: number;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Digits of every line, known from the first. */
  #digits = 0;
  #line = 1;
  #inLine = 0;
  #taken = 0;
  readonly #first: number[] = [];

  constructor(path: string, size: number) {
    this.#path = path;
    this.#size = size;
  }

  take(byte: number): void {
    if (byte === LINE_FEED) this.#endLine();
    else if (byte !== CARRIAGE_RETURN) this.#takeDigit(digitOf(byte));
  }

  #takeDigit(digit: number): void {
    if (digit < 0) this.#fail('not hexadecimal');
    if (this.#digits === 0) {
      if (this.#first.push(digit) > MAX_DIGITS) this.#fail(`more than ${MAX_DIGITS} digits`);
    } else if (this.#inLine === this.#digits) {
      this.#fail(`more than the ${this.#digits} digits of the first line: mixed lengths`);
    } else this.#store(digit);
    this.#inLine++;
  }

  #store(digit: number): void {
    const at = this.#taken >> 1;
    if (at >= this.#bytes.length) this.#fail('the file grew while it was read');
    // The upper digit of a byte comes first.
    if (this.#taken++ % 2 === 0) this.#bytes[at] = digit << 4;
    else this.#bytes[at] = (this.#bytes[at] as number) | digit;
  }

  #endLine(): void {
    if (this.#inLine > 0 && this.#digits === 0) this.#endFirstLine();
    else if (this.#inLine > 0 && this.#inLine !== this.#digits) {
      this.#fail(`${this.#inLine} digits, but ${this.#digits} in the first line: mixed lengths`);
    }
    this.#inLine = 0;
    this.#line++;
  }

  #endFirstLine(): void {
    this.#digits = this.#inLine;
    if (this.#digits % 16 !== 0) {
      this.#fail(`${this.#digits} digits: hashes have 16, 32, 48 or 64`);
    }
    const most = Math.min(Math.ceil(this.#size / this.#digits), MAX_HASHES + 1);
    this.#bytes = new Uint8Array(new SharedArrayBuffer((most * this.#digits) / 2));
    for (const digit of this.#first) this.#store(digit);
  }

  finish(): HashSet {
    this.#endLine();
    return hashSet(this.#digits * 4 || 64, this.#bytes.subarray(0, this.#taken / 2), this.#path);
  }

  #fail(reason: string): never {
    throw new InvalidInputError(this.#path, `line ${this.#line}: ${reason}`);
  }
}

/** The value of a hexadecimal digit in ASCII, or -1. */
function digitOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Printable ASCII and white space: what a text that is not hex should fail as, too. */
function isText(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === 9;
}
