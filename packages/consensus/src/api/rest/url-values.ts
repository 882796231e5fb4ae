import { type DescEnum, type DescField, fromJson, ScalarType } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { invalidArgument } from '../errors.ts';

/**
 * The value that a parameter's text stands for, as reflection takes it; one item, if the field is a
 * list. `path` names the parameter in errors.
 */
export function parseQueryValue(field: DescField, text: string, path: string): unknown {
  if (field.enum !== undefined) return parseEnum(field.enum, text, path);
  if (field.message !== undefined) return parseMessage(field, text, path);
  return parseScalar(field.scalar as ScalarType, text, path);
}

/** In a path, a hash may be written as everybody writes hashes. */
export function parsePathValue(field: DescField, text: string, path: string): unknown {
  const isHash = field.scalar === ScalarType.BYTES && /^[0-9a-fA-F]{64}$/.test(text);
  return isHash ? Uint8Array.from(Buffer.from(text, 'hex')) : parseQueryValue(field, text, path);
}

function parseScalar(type: ScalarType, text: string, path: string): unknown {
  switch (type) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BYTES:
      return parseBase64(text, path);
    case ScalarType.BOOL:
      return parseBoolean(text, path);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return Number(parseInteger(text, path, -(2n ** 31n), 2n ** 31n));
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return Number(parseInteger(text, path, 0n, 2n ** 32n));
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return parseInteger(text, path, -(2n ** 63n), 2n ** 63n);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return parseInteger(text, path, 0n, 2n ** 64n);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      throw invalidArgument(`${path}: cannot be given in an address`);
  }
}

function parseInteger(text: string, path: string, from: bigint, below: bigint): bigint {
  const value = /^-?\d{1,20}$/.test(text) ? BigInt(text) : below;
  if (value < from || value >= below) throw invalidArgument(`${path}: not an integer in range`);
  return value;
}

function parseBoolean(text: string, path: string): boolean {
  if (/^(true|t|1)$/i.test(text)) return true;
  if (/^(false|f|0)$/i.test(text)) return false;
  throw invalidArgument(`${path}: neither true nor false`);
}

/** Of either alphabet, with padding or without. */
function parseBase64(text: string, path: string): Uint8Array {
  const plain = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  const bytes = Buffer.from(plain, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== plain) {
    throw invalidArgument(`${path}: not base64`);
  }
  return Uint8Array.from(bytes);
}

/** By name or by number. */
function parseEnum({ values }: DescEnum, text: string, path: string): number {
  const found = values.find(({ name, number }) => name === text || String(number) === text);
  if (found === undefined) throw invalidArgument(`${path}: none of its values`);
  return found.number;
}

/** Only times and durations have a text of their own. */
function parseMessage(field: DescField, text: string, path: string): unknown {
  const schema = [DurationSchema, TimestampSchema].find(
    ({ typeName }) => typeName === field.message?.typeName,
  );
  if (schema === undefined) throw invalidArgument(`${path}: cannot be given in an address`);
  try {
    return reflect(schema, fromJson(schema, text));
  } catch {
    throw invalidArgument(`${path}: not a ${schema.name.toLowerCase()}`);
  }
}
