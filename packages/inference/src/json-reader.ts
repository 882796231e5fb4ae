import { InvalidInputError } from '@semblance/core/errors';

/** Takes typed, bounded fields out of parsed JSON; each failure names the field's whole path. */
export class JsonReader {
  readonly #path: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(path: string, json: unknown) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new InvalidInputError(path, 'not an object');
    }
    this.#path = path;
    this.#fields = json as Record<string, unknown>;
  }

  has(field: string): boolean {
    return Object.hasOwn(this.#fields, field);
  }

  /** Refuses fields that are not in `names`. */
  only(names: readonly string[]): void {
    const unknown = Object.keys(this.#fields).find((field) => !names.includes(field));
    if (unknown !== undefined) this.#refuse(unknown.slice(0, 64), 'unknown field');
  }

  object(field: string): JsonReader {
    return new JsonReader(`${this.#path}.${field}`, this.#get(field));
  }

  objects(field: string, count: number): JsonReader[] {
    return this.#list(field, count).map(
      (one, i) => new JsonReader(`${this.#path}.${field}[${i}]`, one),
    );
  }

  text(field: string, { max, pattern }: { max: number; pattern?: RegExp }): string {
    const value = this.#get(field);
    if (typeof value !== 'string' || value.length === 0 || value.length > max) {
      this.#refuse(field, `not a string of 1 to ${max} characters`);
    }
    if (pattern !== undefined && !pattern.test(value)) this.#refuse(field, `not ${pattern}`);
    return value;
  }

  texts(field: string, { count, max }: { count: number; max: number }): string[] {
    return this.#list(field, count).map((value) => {
      if (typeof value !== 'string' || value.length === 0 || value.length > max) {
        this.#refuse(field, `not all strings of 1 to ${max} characters`);
      }
      return value;
    });
  }

  integer(field: string, min: number, max: number): number {
    const value = this.real(field, min, max);
    if (!Number.isInteger(value)) this.#refuse(field, 'not an integer');
    return value;
  }

  real(field: string, min: number, max: number): number {
    const value = this.#get(field);
    if (typeof value !== 'number' || !(value >= min && value <= max)) {
      this.#refuse(field, `not a number from ${min} to ${max}`);
    }
    return value;
  }

  choice<const T>(field: string, allowed: readonly T[]): T {
    return this.#oneOf(field, this.#get(field), allowed);
  }

  /** A list of at least one, without repetition. */
  choices<const T>(field: string, allowed: readonly T[]): T[] {
    const list = this.#list(field, allowed.length).map((one) => this.#oneOf(field, one, allowed));
    if (list.length === 0 || new Set(list).size < list.length) {
      this.#refuse(field, 'empty or repeats');
    }
    return list;
  }

  #oneOf<const T>(field: string, value: unknown, allowed: readonly T[]): T {
    const found = allowed.find((one) => one === value);
    if (found === undefined) this.#refuse(field, `not one of ${allowed.join(', ')}`);
    return found;
  }

  #list(field: string, count: number): unknown[] {
    const value = this.#get(field);
    if (!Array.isArray(value) || value.length > count) {
      this.#refuse(field, `not a list of at most ${count}`);
    }
    return value;
  }

  #get(field: string): unknown {
    if (!this.has(field)) this.#refuse(field, 'missing');
    return this.#fields[field];
  }

  #refuse(field: string, reason: string): never {
    throw new InvalidInputError(`${this.#path}.${field}`, reason);
  }
}
