import {
  type DescEnum,
  type DescField,
  type DescMessage,
  fromBinary,
  type JsonValue,
  type MessageShape,
  ScalarType,
  toJson,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { type Any, AnySchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { messageAt } from '@semblance/proto/services';
import { invalidArgument } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { decimalFromWire } from './decimal.ts';
import { traitsOf } from './field-traits.ts';

/*
 * JSON as the Cosmos SDK's REST servers write it: grpc-gateway over gogoproto's jsonpb, with the
 * names of the .proto and every field there. It differs from protobuf's own JSON in that
 *   - a message that is not set is null, as are empty bytes and an unset optional field, but a
 *     message that Go holds by value is printed empty;
 *   - decimals have a point, and integers of arbitrary size are never empty;
 *   - an Any of unknown type is printed as it is instead of refused.
 */

type JsonObject = { [name: string]: JsonValue };

/** What a message of the given type is to a REST client. */
export function toGatewayJson<D extends DescMessage>(
  schema: D,
  message: MessageShape<D>,
): JsonObject {
  return messageJson(reflect(schema, message), 0);
}

function messageJson(message: ReflectMessage, anyDepth: number): JsonObject {
  const json: JsonObject = {};
  for (const field of message.fields) {
    if (field.oneof !== undefined && !message.isSet(field)) continue;
    json[field.name] = fieldJson(message, field, anyDepth);
  }
  return json;
}

function fieldJson(message: ReflectMessage, field: DescField, anyDepth: number): JsonValue {
  switch (field.fieldKind) {
    case 'message':
      return singleMessageJson(message, field, anyDepth);
    case 'scalar':
      return scalarJson(field, field.scalar, message.get(field));
    case 'enum':
      return enumJson(field.enum, message.get(field));
    case 'list':
      return Array.from(message.get(field), (item) => itemJson(field, item, anyDepth));
    case 'map':
      return Object.fromEntries(
        Array.from(message.get(field), ([key, item]) => [
          String(key),
          itemJson(field, item, anyDepth),
        ]),
      );
  }
}

type DescMessageField = DescField & { fieldKind: 'message' };

function singleMessageJson(
  message: ReflectMessage,
  field: DescMessageField,
  anyDepth: number,
): JsonValue {
  if (message.isSet(field)) return anyMessageJson(message.get(field), anyDepth);
  const { embedded, time } = traitsOf(field);
  if (!embedded) return null;
  return time ? '0001-01-01T00:00:00Z' : anyMessageJson(message.get(field), anyDepth);
}

function itemJson(
  field: DescField & { fieldKind: 'list' | 'map' },
  item: unknown,
  anyDepth: number,
): JsonValue {
  if (field.message !== undefined) return anyMessageJson(item as ReflectMessage, anyDepth);
  if (field.enum !== undefined) return enumJson(field.enum, item as number);
  return scalarJson(field, field.scalar as ScalarType, item);
}

/** A message by its own rule, or by protobuf's when it is one of the well-known types. */
function anyMessageJson(message: ReflectMessage, anyDepth: number): JsonValue {
  const { typeName } = message.desc;
  if (typeName === AnySchema.typeName) return anyJson(message.message as Any, anyDepth + 1);
  if (typeName.startsWith(`${TimestampSchema.file.proto.package}.`)) {
    return toJson(message.desc, message.message);
  }
  return messageJson(message, anyDepth);
}

function anyJson({ typeUrl, value }: Any, anyDepth: number): JsonValue {
  if (anyDepth > LIMITS.anyDepth) throw invalidArgument('messages lie too deep in one another');
  const schema = messageAt(typeUrl);
  if (schema === undefined) return { '@type': typeUrl, value: base64(value) };
  const inner = messageJson(reflect(schema, fromBinary(schema, value)), anyDepth);
  return { '@type': typeUrl, ...inner };
}

function enumJson(desc: DescEnum, number: number): JsonValue {
  return desc.value[number]?.name ?? number;
}

function scalarJson(field: DescField, type: ScalarType, value: unknown): JsonValue {
  const { number } = traitsOf(field);
  if (number !== undefined) {
    const text = typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString();
    return number === 'decimal' ? decimalFromWire(text) : text || '0';
  }
  if (value instanceof Uint8Array) return value.length === 0 ? null : base64(value);
  if (typeof value === 'bigint') return value.toString();
  if (type === ScalarType.DOUBLE || type === ScalarType.FLOAT) return floatJson(value as number);
  return value as string | number | boolean;
}

function floatJson(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
