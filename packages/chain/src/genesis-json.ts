import { InvalidInputError } from '@semblance/core/errors';
import { RefusedError } from './errors.ts';

/** A JSON object with no members but `names`. Errors name the path. */
export function readObject(
  value: unknown,
  path: string,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInputError(path, 'not an object');
  }
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw new InvalidInputError(`${path}.${name}`, 'unknown field');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** A JSON list, empty when it is left out. */
export function readList(value: unknown, path: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new InvalidInputError(path, 'not a list');
  return value;
}

export function readString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new InvalidInputError(path, 'not a string');
  return value;
}

/** A decimal string of at most 64 bits, or what stands for one that is left out. */
export function readUint64(value: unknown, path: string, otherwise: bigint): bigint {
  if (value === undefined) return otherwise;
  const text = readString(value, path);
  const number = /^(0|[1-9][0-9]{0,19})$/.test(text) ? BigInt(text) : 1n << 64n;
  if (number >= 1n << 64n) throw new InvalidInputError(path, 'not a 64-bit decimal string');
  return number;
}

/** Puts the path before the field that an error names, and makes of a refusal an error of genesis. */
export function at<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof RefusedError) {
      throw new InvalidInputError(path, error.message, { cause: error });
    }
    if (!(error instanceof InvalidInputError)) throw error;
    const { field, reason } = error.details;
    throw new InvalidInputError(`${path}.${field}`, reason, { cause: error });
  }
}
