import {
  type DescField,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type MessageShape,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { type Any, AnySchema } from '@bufbuild/protobuf/wkt';
import { messageAt, REGISTRY } from '@semblance/proto/services';
import { invalidArgument } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { decimalToWire } from './decimal.ts';
import { traitsOf } from './field-traits.ts';

/** Reads a request from the JSON text of a REST body, names in either spelling. */
export function fromGatewayJson<D extends DescMessage>(schema: D, text: string): MessageShape<D> {
  const json = parse(text === '' ? '{}' : text);
  try {
    const message = fromJson(schema, toWire(schema, json), { registry: REGISTRY });
    cosmosTypeUrls(reflect(schema, message));
    return message;
  } catch (error) {
    throw invalidArgument(error instanceof Error ? error.message : String(error));
  }
}

function parse(text: string): JsonValue {
  if (depthOf(text) > LIMITS.jsonDepth) throw invalidArgument('JSON is nested too deep');
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw invalidArgument(`body is not JSON: ${(error as Error).message.slice(0, 100)}`);
  }
}

/** How many brackets are open at most, those in strings aside. One pass, whatever the text. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') quoted = !quoted;
    else if (quoted) i += character === '\\' ? 1 : 0;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

/** The same JSON with decimals as they are on the wire, which is all that protobuf knows of. */
function toWire(schema: DescMessage, json: JsonValue): JsonValue {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const desc = typedBy(schema, json['@type']);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const field = desc?.fields.find((one) => one.name === name || one.jsonName === name);
      return [name, field === undefined ? value : fieldToWire(field, value)];
    }),
  );
}

function typedBy(schema: DescMessage, typeUrl: JsonValue | undefined): DescMessage | undefined {
  if (schema.typeName !== AnySchema.typeName) return schema;
  return typeof typeUrl === 'string' ? messageAt(typeUrl) : undefined;
}

function fieldToWire(field: DescField, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item) => fieldToWire(field, item));
  if (field.message !== undefined) return toWire(field.message, value);
  const { number } = traitsOf(field);
  if (number === undefined || typeof value !== 'string') return value;
  const text = number === 'decimal' ? decimalToWire(value, field.name) : value;
  const isBytes = field.fieldKind === 'scalar' && field.scalar === ScalarType.BYTES;
  return isBytes ? Buffer.from(text).toString('base64') : text;
}

/** Cosmos names what is in an Any `/its.type`; protobuf's JSON has put a host before the slash. */
function cosmosTypeUrls(message: ReflectMessage): void {
  for (const inner of messagesIn(message)) {
    if (inner.desc.typeName === AnySchema.typeName) cosmosTypeUrl(inner.message as Any);
    else cosmosTypeUrls(inner);
  }
}

function cosmosTypeUrl(any: Any): void {
  const schema = messageAt(any.typeUrl);
  if (schema === undefined) return;
  const inner = fromBinary(schema, any.value);
  cosmosTypeUrls(reflect(schema, inner));
  any.typeUrl = `/${schema.typeName}`;
  any.value = toBinary(schema, inner);
}

/** Of lists and single fields: no request has a map of messages. */
function* messagesIn(message: ReflectMessage): Iterable<ReflectMessage> {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (field.fieldKind === 'message') yield message.get(field);
    if (field.fieldKind === 'list' && field.listKind === 'message') {
      yield* message.get(field) as Iterable<ReflectMessage>;
    }
  }
}
