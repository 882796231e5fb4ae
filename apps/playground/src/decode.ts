import { SemblanceError } from '@semblance/core/errors';

/** The sequencer answered with something the contract does not allow; `at` says where. */
export class UnexpectedAnswerError extends SemblanceError<
  'UNEXPECTED_ANSWER',
  { at: string; wanted: string }
> {
  constructor(at: string, wanted: string) {
    super(
      'UNEXPECTED_ANSWER',
      `The sequencer's answer is not understood: ${at} is not ${wanted}.`,
      {
        at,
        wanted,
      },
    );
  }
}

/** Reads one value of an answer, or throws {@link UnexpectedAnswerError}. */
export type Decode<T> = (value: unknown, at: string) => T;

export type Fields = Readonly<Record<string, unknown>>;

const MAX_TEXT = 16_384;
const MAX_ITEMS = 2_000;

export const fields: Decode<Fields> = (value, at) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnexpectedAnswerError(at, 'an object');
  }
  return value as Fields;
};

export const text: Decode<string> = (value, at) => {
  if (typeof value !== 'string' || value.length > MAX_TEXT) {
    throw new UnexpectedAnswerError(at, 'a short text');
  }
  return value;
};

export const flag: Decode<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new UnexpectedAnswerError(at, 'true or false');
  return value;
};

/** A count, a height, a time in milliseconds: a safe integer from 0, as a number or in decimal. */
export const count: Decode<number> = (value, at) => {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number) || (number as number) < 0) {
    throw new UnexpectedAnswerError(at, 'a whole number');
  }
  return number as number;
};

export const real: Decode<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new UnexpectedAnswerError(at, 'a number');
  }
  return value;
};

/** An amount of the base unit; decimal text holds more than a number can. */
export const amount: Decode<bigint> = (value, at) => {
  if (typeof value === 'string' && /^\d{1,39}$/.test(value)) return BigInt(value);
  return BigInt(count(value, at));
};

/** Lower-case hexadecimal of exactly `bytes` bytes. */
export function hex(bytes: number): Decode<string> {
  return (value, at) => {
    const digits = text(value, at).toLowerCase();
    if (digits.length !== 2 * bytes || !/^[0-9a-f]*$/.test(digits)) {
      throw new UnexpectedAnswerError(at, `${bytes} bytes in hexadecimal`);
    }
    return digits;
  };
}

export function list<T>(item: Decode<T>): Decode<T[]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > MAX_ITEMS) {
      throw new UnexpectedAnswerError(at, 'a list');
    }
    return value.map((entry, index) => item(entry, `${at}[${index}]`));
  };
}

/** Absent and null read the same: not known yet. */
export function nullable<T>(decode: Decode<T>): Decode<T | null> {
  return (value, at) => (value === null || value === undefined ? null : decode(value, at));
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Decode<T> {
  return (value, at) => {
    const found = allowed.find((entry) => entry === value);
    if (found === undefined) throw new UnexpectedAnswerError(at, `one of ${allowed.join(', ')}`);
    return found;
  };
}
