/**
 * The one base class of every error Semblance throws on purpose.
 *
 * A subclass fixes the package; `code` says which failure and never changes its meaning;
 * `details` holds the fields that explain it. A verdict is a value and is never thrown.
 */
export class SemblanceError<
  Code extends string = string,
  Details extends Record<string, unknown> = Record<string, unknown>,
> extends Error {
  readonly code: Code;
  readonly details: Details;

  constructor(code: Code, message: string, details: Details, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** Something a caller passed in is wrong; `field` names it as the caller knows it. */
export class InvalidInputError extends SemblanceError<
  'INVALID_INPUT',
  { field: string; reason: string }
> {
  constructor(field: string, reason: string, options?: { cause?: unknown }) {
    super('INVALID_INPUT', `${field}: ${reason}`, { field, reason }, options);
  }
}
