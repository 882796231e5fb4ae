import { InvalidInputError } from '@semblance/core/errors';

/*
 * Fixed-point numbers of 18 decimals on bigint, never negative: cosmos-sdk's LegacyDec, with its
 * names for how a result is rounded. Without a word it goes to the nearest, and halfway to the even
 * one; `Truncate` goes down, `RoundUp` up.
 */

/** A number times 10^18. */
export type Decimal = bigint;

export const ONE: Decimal = 10n ** 18n;
const HALF = ONE / 2n;

export const ofInteger = (integer: bigint): Decimal => integer * ONE;

/** The whole part. */
export const truncate = (a: Decimal): bigint => a / ONE;

export const mulTruncate = (a: Decimal, b: Decimal): Decimal => (a * b) / ONE;

/** `b` is not 0. */
export const quo = (a: Decimal, b: Decimal): Decimal => nearest((a * ONE * ONE) / b);

export const quoTruncate = (a: Decimal, b: Decimal): Decimal => (a * ONE) / b;

export const quoRoundUp = (a: Decimal, b: Decimal): Decimal => (a * ONE + b - 1n) / b;

/** The part of a whole amount, rounded down: what is taken is never more than what is due. */
export const partOf = (amount: bigint, fraction: Decimal): bigint => (amount * fraction) / ONE;

function nearest(scaled: bigint): Decimal {
  const floor = scaled / ONE;
  const rest = scaled % ONE;
  if (rest < HALF || (rest === HALF && floor % 2n === 0n)) return floor;
  return floor + 1n;
}

/** Below 2^256 and of at most 78 digits, which bounds the work on text from outside. */
const ATOMICS = /^(0|[1-9][0-9]{0,77})$/;
const TEXT = /^(0|[1-9][0-9]{0,58})(?:\.([0-9]{1,18}))?$/;

/** From protobuf, where a decimal stands as the whole number of its 18th decimals. */
export function parseAtomics(text: string, field: string): Decimal {
  if (!ATOMICS.test(text)) throw new InvalidInputError(field, 'not a decimal');
  return BigInt(text);
}

/** From JSON: `0.05`. */
export function parseDecimal(text: string, field: string): Decimal {
  const match = TEXT.exec(text);
  if (match === null) throw new InvalidInputError(field, 'not a decimal of at most 18 places');
  const [, whole = '', fraction = ''] = match;
  return BigInt(whole) * ONE + BigInt(fraction.padEnd(18, '0'));
}

/** As JSON has it, with all 18 places: `0.050000000000000000`. */
export function formatDecimal(a: Decimal): string {
  return `${a / ONE}.${(a % ONE).toString().padStart(18, '0')}`;
}
