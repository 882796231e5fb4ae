import { InvalidArgumentError } from 'commander';

/** Names between commas, as an option's value. */
export function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.every((name) => /^[a-z0-9-]{1,64}$/.test(name))) return list;
  throw new InvalidArgumentError('not names between commas');
}

/** A positive integer, as an option's value. */
export function count(text: string): number {
  const value = Number(text);
  if (/^\d{1,7}$/.test(text) && value >= 1) return value;
  throw new InvalidArgumentError('not an integer from 1 to 9999999');
}
