import { InvalidInputError } from '@semblance/core/errors';

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
