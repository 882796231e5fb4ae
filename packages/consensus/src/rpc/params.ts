import { fromHex, fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';

/** A method's arguments, read one by one as the type that the method wants. */
export interface Params {
  text(name: string): string | undefined;
  /** A 64-bit integer. */
  integer(name: string): bigint | undefined;
  boolean(name: string): boolean | undefined;
  /** Base64 in JSON; in an address, hex after `0x` or the letters between quotes. */
  bytes(name: string): Uint8Array | undefined;
  /** Hex everywhere. */
  hex(name: string): Uint8Array | undefined;
}

/** Arguments of a JSON-RPC call: by name, or by position in the order of `names`. */
export function jsonParams(raw: unknown, names: readonly string[]): Params {
  const values = byName(raw, names);
  return {
    text: (name) => read(values.get(name), name, jsonText),
    integer: (name) => read(values.get(name), name, jsonInteger),
    boolean: (name) => read(values.get(name), name, jsonBoolean),
    bytes: (name) => read(values.get(name), name, jsonBytes),
    hex: (name) =>
      read(values.get(name), name, (value, field) => hexOf(jsonText(value, field), field)),
  };
}

/** Arguments of the form `/method?height=5&path="/a"&data=0x01`. */
export function uriParams(query: URLSearchParams): Params {
  const value = (name: string) => query.get(name) ?? undefined;
  return {
    text: (name) => read(value(name), name, unquote),
    integer: (name) => read(value(name), name, (text, field) => integerOf(unquote(text), field)),
    boolean: (name) => read(value(name), name, (text, field) => booleanOf(unquote(text), field)),
    bytes: (name) => read(value(name), name, uriBytes),
    hex: (name) => read(value(name), name, (text, field) => hexOf(unquote(text), field)),
  };
}

function byName(raw: unknown, names: readonly string[]): ReadonlyMap<string, unknown> {
  if (raw === undefined || raw === null) return new Map();
  if (typeof raw !== 'object') throw new InvalidInputError('params', 'neither object nor array');
  if (!Array.isArray(raw)) return new Map(Object.entries(raw));
  if (raw.length > names.length) {
    throw new InvalidInputError('params', `expected ${names.length} parameters, got ${raw.length}`);
  }
  return new Map(raw.map((value: unknown, i) => [names[i] as string, value]));
}

/** null and an empty address argument mean that the argument is not there. */
function read<Raw, Value>(
  raw: Raw | null | undefined,
  name: string,
  as: (raw: Raw, name: string) => Value,
): Value | undefined {
  return raw === undefined || raw === null || raw === '' ? undefined : as(raw, name);
}

function jsonText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new InvalidInputError(name, 'not a string');
  return value;
}

function jsonInteger(value: unknown, name: string): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  return integerOf(jsonText(value, name), name);
}

function jsonBoolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw new InvalidInputError(name, 'not a boolean');
  return value;
}

function jsonBytes(value: unknown, name: string): Uint8Array {
  const text = jsonText(value, name);
  const { buffer, byteOffset, length } = Buffer.from(text, 'base64');
  // Node leaves out what is not base64 and takes the alphabet for addresses too.
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (length !== (text.length / 4) * 3 - padding || text.includes('-') || text.includes('_')) {
    throw new InvalidInputError(name, 'not base64');
  }
  return new Uint8Array(buffer, byteOffset, length);
}

function uriBytes(text: string, name: string): Uint8Array {
  if (text.startsWith('0x')) return fromHex(text.slice(2), name);
  if (text.startsWith('"')) return fromUtf8(unquote(text));
  throw new InvalidInputError(name, 'neither 0x… nor "…"');
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function integerOf(text: string, name: string): bigint {
  if (!/^-?\d{1,18}$/.test(text)) throw new InvalidInputError(name, 'not a 64-bit integer');
  return BigInt(text);
}

function booleanOf(text: string, name: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidInputError(name, 'not a boolean');
  return text === 'true';
}

function hexOf(text: string, name: string): Uint8Array {
  return fromHex(text.startsWith('0x') ? text.slice(2) : text, name);
}
