import { formatChecked, parseChecked } from '../checked-json.ts';

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

/** One line, without its end. */
export function formatRecord(record: PictureRecord): string {
  const { path, bytes, sha256, width, height, average, perceptual, difference, color } = record;
  return formatChecked({
    path,
    bytes,
    sha256,
    width,
    height,
    average,
    perceptual,
    difference,
    color,
  });
}

/** The record that a line holds, or undefined when it is not as it was written. */
export function parseRecord(line: string): PictureRecord | undefined {
  const fields = parseChecked(line);
  return fields && recordOf(fields);
}

const DIGITS = { sha256: 64, average: 16, perceptual: 16, difference: 16, color: 12 };

/**
 * The record that the fields make, or undefined when one is wrong: a right checksum says that a line
 * is whole, not who wrote it.
 */
export function recordOf(fields: Readonly<Record<string, unknown>>): PictureRecord | undefined {
  const isCount = (name: string) => Number.isSafeInteger(fields[name]);
  const isHex = ([name, digits]: [string, number]) => {
    const text = fields[name];
    return typeof text === 'string' && text.length === digits && /^[0-9a-f]+$/.test(text);
  };
  const isRecord =
    typeof fields.path === 'string' &&
    ['bytes', 'width', 'height'].every(isCount) &&
    Object.entries(DIGITS).every(isHex);
  return isRecord ? (fields as unknown as PictureRecord) : undefined;
}
