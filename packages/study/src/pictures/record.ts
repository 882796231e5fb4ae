import { crc32 } from 'node:zlib';

/** What is known of one picture. Hashes are lower-case hex, as Python's imagehash prints them. */
export interface PictureRecord {
  readonly path: string;
  /** Of the file, and its SHA-256. */
  readonly bytes: number;
  readonly sha256: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly average: string;
  readonly perceptual: string;
  readonly difference: string;
  /** 42 bits, spelled in 12 digits. */
  readonly color: string;
}

export const HASH_NAMES = ['average', 'perceptual', 'difference', 'color'] as const;
export type HashName = (typeof HASH_NAMES)[number];

/*
 * A record is a line of JSON whose last field is the CRC-32 of the line before it, so that a line
 * cut short by a crash, or changed on the disk, is told from a whole one.
 */

const CHECK = /,"crc32":"([0-9a-f]{8})"\}$/;

/** One line, without its end. */
export function formatRecord(record: PictureRecord): string {
  const { path, bytes, sha256, width, height, average, perceptual, difference, color } = record;
  const fields = { path, bytes, sha256, width, height, average, perceptual, difference, color };
  const start = JSON.stringify(fields).slice(0, -1);
  return `${start},"crc32":"${checkOf(start)}"}`;
}

/** The record that a line holds, or undefined when it is not as it was written. */
export function parseRecord(line: string): PictureRecord | undefined {
  const check = CHECK.exec(line);
  if (!check) return undefined;
  const start = line.slice(0, check.index);
  if (checkOf(start) !== check[1]) return undefined;
  try {
    const fields: unknown = JSON.parse(`${start}}`);
    return isRecord(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}

const DIGITS = { sha256: 64, average: 16, perceptual: 16, difference: 16, color: 12 };

/** A right checksum says that a line is whole, not who wrote it. */
function isRecord(fields: unknown): fields is PictureRecord {
  if (typeof fields !== 'object' || fields === null) return false;
  const record = fields as Record<string, unknown>;
  const isCount = (name: string) => Number.isSafeInteger(record[name]);
  const isHex = ([name, digits]: [string, number]) => {
    const text = record[name];
    return typeof text === 'string' && text.length === digits && /^[0-9a-f]+$/.test(text);
  };
  return (
    typeof record.path === 'string' &&
    ['bytes', 'width', 'height'].every(isCount) &&
    Object.entries(DIGITS).every(isHex)
  );
}

function checkOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
