import { ApiError, invalidField } from '../errors.ts';

/** A JSON object or a form from outside. Null counts as left out, as OpenAI's clients send it. */
export type Body = Readonly<Record<string, unknown>>;

export function bodyOf(json: unknown): Body {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ApiError({
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_json',
      message: 'the body is not a JSON object',
    });
  }
  return json as Body;
}

export function isGiven(body: Body, field: string): boolean {
  return given(body, field) !== undefined;
}

export function given(body: Body, field: string): unknown {
  const value = Object.hasOwn(body, field) ? body[field] : undefined;
  return value === null ? undefined : value;
}

export function textField(body: Body, field: string): string | undefined {
  const value = given(body, field);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalidField(field, 'not a string', 'invalid_type');
  if (!value.isWellFormed()) throw invalidField(field, 'holds a lone surrogate');
  return value;
}

export function integerField(
  body: Body,
  field: string,
  min: number,
  max: number,
): number | undefined {
  const value = numberField(body, field, min, max);
  if (value !== undefined && !Number.isInteger(value)) {
    throw invalidField(field, `not an integer from ${min} to ${max}`);
  }
  return value;
}

export function numberField(
  body: Body,
  field: string,
  min: number,
  max: number,
): number | undefined {
  const value = given(body, field);
  if (value === undefined) return undefined;
  if (typeof value !== 'number') throw invalidField(field, 'not a number', 'invalid_type');
  // Written so that NaN fails too.
  if (!(value >= min && value <= max)) {
    throw invalidField(field, `not from ${min} to ${max}`);
  }
  return value;
}

export function choiceField<const T extends string>(
  body: Body,
  field: string,
  choices: readonly T[],
): T | undefined {
  const value = textField(body, field);
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw invalidField(field, `not one of ${choices.join(', ')}`);
  return found;
}

const UINT64_END = 1n << 64n;

/**
 * An unsigned 64-bit integer. A JSON number from 2^53 on may have lost digits before it gets here, so it
 * must come as a decimal string.
 */
export function uint64Field(body: Body, field: string): bigint | undefined {
  const value = given(body, field);
  if (value === undefined) return undefined;
  if (typeof value === 'number') return uint64OfNumber(field, value);
  if (typeof value !== 'string') {
    throw invalidField(field, 'not an integer or a decimal string', 'invalid_type');
  }
  if (!/^\d{1,20}$/.test(value)) throw invalidField(field, 'not an integer from 0 to 2^64-1');
  const integer = BigInt(value);
  if (integer >= UINT64_END) throw invalidField(field, 'not an integer from 0 to 2^64-1');
  return integer;
}

function uint64OfNumber(field: string, value: number): bigint {
  if (!Number.isInteger(value) || value < 0) {
    throw invalidField(field, 'not an integer from 0 to 2^64-1');
  }
  if (!Number.isSafeInteger(value)) {
    throw invalidField(
      field,
      'JSON numbers from 2^53 on lose digits: pass it as a decimal string, "18446744073709551615"',
    );
  }
  return BigInt(value);
}
