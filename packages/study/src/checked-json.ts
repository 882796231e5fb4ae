import { crc32 } from 'node:zlib';

/*
 * JSON on one line whose last field is the CRC-32 of the line before it, so that a line cut short by
 * a crash, or changed on the disk, is told from a whole one.
 */

const CHECK = /,"crc32":"([0-9a-f]{8})"\}$/;

/** An object with at least one field as a line, without its end. */
export function formatChecked(fields: Readonly<Record<string, unknown>>): string {
  const start = JSON.stringify(fields).slice(0, -1);
  return `${start},"crc32":"${checkOf(start)}"}`;
}

/** The object that a line holds, or undefined when it is not as it was written. */
export function parseChecked(line: string): Record<string, unknown> | undefined {
  const check = CHECK.exec(line);
  if (!check) return undefined;
  const start = line.slice(0, check.index);
  if (checkOf(start) !== check[1]) return undefined;
  try {
    return JSON.parse(`${start}}`) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function checkOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
