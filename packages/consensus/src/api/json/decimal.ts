import { InvalidInputError } from '@semblance/core/errors';

/*
 * Cosmos' decimals (LegacyDec) have 18 digits after the point. On the wire they are the text of the
 * integer that is 10^18 times as much.
 */

const DIGITS = 18;

/** `"500000000000000000"` to `"0.500000000000000000"`. What is no integer stays as it is. */
export function decimalFromWire(text: string): string {
  if (!/^-?\d+$/.test(text)) return text === '' ? `0.${'0'.repeat(DIGITS)}` : text;
  const sign = text.startsWith('-') ? '-' : '';
  const digits = text.slice(sign.length).padStart(DIGITS + 1, '0');
  return `${sign}${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`;
}

/** The way back. Throws when `text` is no decimal with at most 18 digits after the point. */
export function decimalToWire(text: string, field: string): string {
  const match = /^(-?)(\d{1,78})(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) throw new InvalidInputError(field, 'not a decimal with at most 18 places');
  const [, sign = '', whole = '', fraction = ''] = match;
  return String(BigInt(`${sign}${whole}${fraction.padEnd(DIGITS, '0')}`));
}
