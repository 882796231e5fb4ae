import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import type { Image } from '@semblance/perceptual-hash/image';
import { InflateError, inflate } from './inflate.ts';

/** What was wrong with a PNG file. Codes keep their meaning for good. */
export type PngErrorCode =
  /** More bytes or pixels than the limits allow. */
  | 'PNG_TOO_LARGE'
  /** Not a PNG at all. */
  | 'PNG_BAD_SIGNATURE'
  /** A chunk does not match its checksum. */
  | 'PNG_BAD_CRC'
  /** The file or its compressed data ends too early. */
  | 'PNG_TRUNCATED'
  /** Well-formed perhaps, but of a kind that is not accepted. */
  | 'PNG_UNSUPPORTED'
  /** Against the specification in any other way. */
  | 'PNG_BAD_DATA';

export class PngError extends SemblanceError<PngErrorCode, { reason: string }> {
  constructor(code: PngErrorCode, reason: string, options?: { cause?: unknown }) {
    super(code, `PNG: ${reason}`, { reason }, options);
  }
}

/** Bounds on a file to decode; both are positive integers. */
export interface PngLimits {
  readonly maxPixels: number;
  readonly maxFileBytes: number;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const maxAncillaryChunks = 64;
/** Encoders write 8 KB and more to a chunk; without a bound, empty ones would cost more than a file. */
const maxChunks = 65_536;

/** Chunks by which a viewer would show something else than the samples: transparency, animation. */
const alteringChunks: readonly string[] = ['tRNS', 'acTL', 'fcTL', 'fdAT'];

/** Channels for each colour type that is accepted. */
const channelsOf: Readonly<Record<number, Image['channels']>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/**
 * Decodes a PNG file (ISO/IEC 15948): 8 bits a sample; grey or RGB, with or without alpha; not
 * interlaced. Strict, so that all who decode a file agree on it: every checksum is verified, the
 * compressed data must hold the pixels exactly, and nothing may follow the end. Ancillary chunks,
 * 64 at most, are skipped, except that those for transparency and animation are refused. Memory for
 * pixels is taken only once their number is known to be within the limits and within what the file
 * can hold.
 *
 * @throws PngError on any file that is not acceptable, whatever its bytes.
 * @throws InvalidInputError when the arguments are not bytes and limits.
 */
export function decodePng(file: Uint8Array, limits: PngLimits): Image {
  if (!(file instanceof Uint8Array)) throw new InvalidInputError('file', 'not a Uint8Array');
  assertLimit('limits.maxPixels', limits.maxPixels);
  assertLimit('limits.maxFileBytes', limits.maxFileBytes);
  if (file.length > limits.maxFileBytes) {
    throw new PngError('PNG_TOO_LARGE', `${file.length} bytes, more than ${limits.maxFileBytes}`);
  }
  const chunks = readChunks(file);
  const header = readHeader(chunks[0] as Chunk, limits);
  const stride = header.width * header.channels;
  const filtered = inflatePixels(joinImageData(chunks), header.height * (1 + stride));
  return { ...header, data: unfilter(filtered, header.height, stride, header.channels) };
}

function assertLimit(field: string, limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new InvalidInputError(field, 'not a positive integer');
  }
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** Splits a file into its chunks, IHDR to IEND, and checks each checksum and the order. */
function readChunks(file: Uint8Array): Chunk[] {
  checkSignature(file);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Chunk[] = [];
  let at = signature.length;
  let ancillary = 0;
  while (chunks.at(-1)?.type !== 'IEND') {
    const chunk = readChunk(file, view, at);
    at += chunk.data.length + 12;
    checkPlace(chunk, chunks);
    chunks.push(chunk);
    if (isAncillary(chunk.type)) ancillary++;
    if (chunks.length > maxChunks || ancillary > maxAncillaryChunks) {
      throw new PngError('PNG_UNSUPPORTED', 'too many chunks');
    }
  }
  if (at !== file.length) throw new PngError('PNG_BAD_DATA', 'bytes after IEND');
  return chunks;
}

function checkSignature(file: Uint8Array): void {
  const shared = Math.min(file.length, signature.length);
  for (let i = 0; i < shared; i++) {
    if (file[i] !== signature[i]) throw new PngError('PNG_BAD_SIGNATURE', 'not a PNG file');
  }
  if (file.length < signature.length) throw new PngError('PNG_TRUNCATED', 'no whole signature');
}

function readChunk(file: Uint8Array, view: DataView, at: number): Chunk {
  if (file.length - at < 12) throw new PngError('PNG_TRUNCATED', 'no whole chunk');
  const length = view.getUint32(at);
  if (length >= 2 ** 31) throw new PngError('PNG_BAD_DATA', 'chunk length above 2^31 - 1');
  if (file.length - at - 12 < length) throw new PngError('PNG_TRUNCATED', 'no whole chunk');
  const checked = file.subarray(at + 4, at + 8 + length);
  if (view.getUint32(at + 8 + length) !== crc32(checked)) {
    throw new PngError('PNG_BAD_CRC', 'a chunk does not match its checksum');
  }
  const type = String.fromCharCode(...checked.subarray(0, 4));
  if (!/^[A-Za-z]{2}[A-Z][A-Za-z]$/.test(type)) {
    throw new PngError('PNG_BAD_DATA', 'not the name of a chunk');
  }
  return { type, data: checked.subarray(4) };
}

function isAncillary(type: string): boolean {
  return /^[a-z]/.test(type);
}

/** Checks that a chunk is of a kind that is accepted and may follow the ones before it. */
function checkPlace({ type, data }: Chunk, before: readonly Chunk[]): void {
  if ((type === 'IHDR') !== (before.length === 0)) {
    throw new PngError('PNG_BAD_DATA', 'IHDR is not the first chunk, or not the only one');
  }
  const hasImage = before.some((chunk) => chunk.type === 'IDAT');
  if (type === 'IDAT' && hasImage && before.at(-1)?.type !== 'IDAT') {
    throw new PngError('PNG_BAD_DATA', 'IDAT chunks apart');
  }
  if (type === 'IEND' && !hasImage) throw new PngError('PNG_BAD_DATA', 'no IDAT');
  if (type === 'IEND' && data.length > 0) throw new PngError('PNG_BAD_DATA', 'IEND is not empty');
  if (!isAncillary(type) && !['IHDR', 'IDAT', 'IEND'].includes(type)) {
    throw new PngError('PNG_UNSUPPORTED', `critical chunk ${type}`);
  }
  if (alteringChunks.includes(type)) throw new PngError('PNG_UNSUPPORTED', `chunk ${type}`);
}

function readHeader({ data }: Chunk, limits: PngLimits): Omit<Image, 'data'> {
  if (data.length !== 13) throw new PngError('PNG_BAD_DATA', 'IHDR is not 13 bytes long');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  if (width < 1 || height < 1 || width >= 2 ** 31 || height >= 2 ** 31) {
    throw new PngError('PNG_BAD_DATA', `${width} x ${height} pixels`);
  }
  const [depth, colorType, compression, filter, interlace] = [...data.subarray(8)] as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (depth !== 8) throw new PngError('PNG_UNSUPPORTED', `${depth} bits a sample`);
  const channels = channelsOf[colorType];
  if (channels === undefined) throw new PngError('PNG_UNSUPPORTED', `colour type ${colorType}`);
  if (compression !== 0 || filter !== 0 || interlace !== 0) {
    throw new PngError('PNG_UNSUPPORTED', 'another compression or filter method, or interlaced');
  }
  // Neither side can exceed 2^31, so that the product is too large before it is inexact.
  if (width * height > limits.maxPixels) {
    throw new PngError('PNG_TOO_LARGE', `${width} x ${height}, more than ${limits.maxPixels}`);
  }
  return { width, height, channels };
}

function joinImageData(chunks: readonly Chunk[]): Uint8Array {
  const parts = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function inflatePixels(stream: Uint8Array, length: number): Uint8Array {
  try {
    return inflate(stream, length);
  } catch (cause) {
    if (!(cause instanceof InflateError)) throw cause;
    const code = cause.code === 'INFLATE_TRUNCATED' ? 'PNG_TRUNCATED' : 'PNG_BAD_DATA';
    throw new PngError(code, cause.details.reason, { cause });
  }
}

/**
 * Undoes the filter of each row. A row is a filter byte and `stride` bytes; `pixelBytes` is the
 * distance to the same sample of the pixel on the left.
 */
function unfilter(
  filtered: Uint8Array,
  height: number,
  stride: number,
  pixelBytes: number,
): Uint8Array {
  const pixels = new Uint8Array(height * stride);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const start = y * (1 + stride);
    const row = pixels.subarray(y * stride, (y + 1) * stride);
    row.set(filtered.subarray(start + 1, start + 1 + stride));
    unfilterRow(filtered[start] as number, row, above, pixelBytes);
    above = row;
  }
  return pixels;
}

/** Undoes one filter in place; left of the row and above the first one all samples are zero. */
function unfilterRow(filter: number, row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let x = pixelBytes; x < row.length; x++) {
        row[x] = (row[x] as number) + (row[x - pixelBytes] as number);
      }
      return;
    case 2:
      for (let x = 0; x < row.length; x++) row[x] = (row[x] as number) + (above[x] as number);
      return;
    case 3:
      for (let x = 0; x < row.length; x++) {
        const left = x < pixelBytes ? 0 : (row[x - pixelBytes] as number);
        row[x] = (row[x] as number) + ((left + (above[x] as number)) >> 1);
      }
      return;
    case 4:
      for (let x = 0; x < row.length; x++) {
        const left = x < pixelBytes ? 0 : (row[x - pixelBytes] as number);
        const corner = x < pixelBytes ? 0 : (above[x - pixelBytes] as number);
        row[x] = (row[x] as number) + paeth(left, above[x] as number, corner);
      }
      return;
    default:
      throw new PngError('PNG_BAD_DATA', `filter ${filter}`);
  }
}

/** Whichever of the three is nearest to left + up - corner, in this order when equally near. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ (crcTable[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
