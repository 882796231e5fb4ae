/*
 * Headers of tar archives: POSIX ustar with pax records, and the GNU forms of long names and large
 * sizes. Bytes in, values out; nothing here reads a file.
 */

export const BLOCK = 512;

export interface TarHeader {
  readonly name: string;
  /** Bytes of content, which is filled up to whole blocks. */
  readonly size: number;
  /** One character: '0' a file, '5' a folder, 'x' and 'g' pax records, 'L' a GNU long name. */
  readonly type: string;
}

/** A header, or why the block is none. */
export function parseTarHeader(block: Uint8Array): TarHeader | string {
  if (!hasValidChecksum(block)) return 'no tar header';
  const size = parseSize(block.subarray(124, 136));
  if (size === undefined) return 'a size that is no number';
  const prefix = isUstar(block) ? text(block.subarray(345, 500)) : '';
  const name = text(block.subarray(0, 100));
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156] as number);
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type };
}

/** The fields of pax records, `length key=value\n` each, or undefined when they are malformed. */
export function parsePax(records: Uint8Array): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  for (let at = 0; at < records.length; ) {
    const space = records.indexOf(0x20, at);
    const length = space === -1 ? 0 : decimal(records.subarray(at, space));
    const end = at + length;
    const equals = records.indexOf(0x3d, space);
    if (end <= space || end > records.length || records[end - 1] !== 0x0a) return undefined;
    if (equals === -1 || equals >= end) return undefined;
    fields.set(
      text(records.subarray(space + 1, equals)),
      text(records.subarray(equals + 1, end - 1)),
    );
    at = end;
  }
  return fields;
}

/** The text up to the first zero byte. */
export function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

/** Bytes that fill `size` up to whole blocks. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function isUstar(block: Uint8Array): boolean {
  return text(block.subarray(257, 263)) === 'ustar';
}

/** The sum of all bytes with the checksum's own as spaces. */
export function checksumOf(block: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (block[i] as number);
  return sum;
}

function hasValidChecksum(block: Uint8Array): boolean {
  return octal(block.subarray(148, 156)) === checksumOf(block);
}

/** Octal digits, or in GNU's form for large files a big-endian number with the top bit set. */
function parseSize(field: Uint8Array): number | undefined {
  if (field[0] !== 0x80) return octal(field);
  let size = 0;
  for (const byte of field.subarray(1)) size = size * 256 + byte;
  return Number.isSafeInteger(size) ? size : undefined;
}

function octal(field: Uint8Array): number | undefined {
  const digits = text(field).trim();
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

function decimal(field: Uint8Array): number {
  const digits = text(field);
  return /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : 0;
}
