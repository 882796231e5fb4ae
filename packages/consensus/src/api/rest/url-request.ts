import { create, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { invalidArgument } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { decodePercent, type Match } from './routes.ts';
import { parsePathValue, parseQueryValue } from './url-values.ts';

/*
 * A request out of an address, by grpc-gateway's rules: the path's fields, then those of the query,
 * with `pagination.limit=5` for a field of a field. Parameters that are no field are ignored.
 */

const MAX_FIELD_DEPTH = 4;

type ParseValue = typeof parseQueryValue;

/** `query` is what follows the question mark. Throws when a value is not what its field takes. */
export function requestFromUrl({ route, fields }: Match, query: string): Message {
  const request = reflect(route.method.input, create(route.method.input));
  for (const [path, text] of parameters(query)) {
    if (!fields.has(path)) setField(request, path, text, parseQueryValue);
  }
  for (const [path, text] of fields) setField(request, path, text, parsePathValue);
  return request.message;
}

function* parameters(query: string): Iterable<readonly [path: string, text: string]> {
  const pairs = query.split('&', LIMITS.queryParameters + 1);
  if (pairs.length > LIMITS.queryParameters) throw invalidArgument('too many parameters');
  for (const pair of pairs) {
    if (pair === '') continue;
    const [path, ...text] = pair.replaceAll('+', ' ').split('=');
    yield [decodePercent(path ?? ''), decodePercent(text.join('='))];
  }
}

function setField(root: ReflectMessage, path: string, text: string, parse: ParseValue): void {
  const names = path.split('.', MAX_FIELD_DEPTH + 1);
  const last = names.pop() ?? '';
  if (names.length >= MAX_FIELD_DEPTH) return;
  let message: ReflectMessage | undefined = root;
  for (const name of names) message = message && submessage(message, name);
  const field = message && fieldNamed(message.desc, last);
  if (message !== undefined && field !== undefined) setValue(message, field, text, path, parse);
}

function submessage(message: ReflectMessage, name: string): ReflectMessage | undefined {
  const field = fieldNamed(message.desc, name);
  if (field?.fieldKind !== 'message') return undefined;
  if (!message.isSet(field)) message.set(field, reflect(field.message));
  return message.get(field);
}

function fieldNamed({ fields }: DescMessage, name: string): DescField | undefined {
  return fields.find((field) => field.name === name || field.jsonName === name);
}

function setValue(
  message: ReflectMessage,
  field: DescField,
  text: string,
  path: string,
  parse: ParseValue,
): void {
  const value = parse(field, text, path);
  if (field.fieldKind === 'list') message.get(field).add(value);
  else if (message.isSet(field)) throw invalidArgument(`${path}: given twice`);
  else message.set(field, value);
}
