import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  ScalarType,
} from '@bufbuild/protobuf';
import { pathOf } from '../methods/method.ts';
import { ROUTES, type Route } from './routes.ts';

/*
 * The REST routes as an OpenAPI document, from the same descriptors that they are served from: the
 * form of a message is that of `json/write.ts`.
 */

type Json = { readonly [name: string]: unknown };

/** OpenAPI 3.1 of the routes whose methods somebody answers; `answered` holds their gRPC paths. */
export function openApiDocument(answered: ReadonlySet<string>): Json {
  const routes = ROUTES.filter(({ method }) => answered.has(pathOf(method)));
  const roots = routes.flatMap(({ method: { input, output } }) => [input, output]);
  return {
    openapi: '3.1.0',
    info: { title: 'Semblance', version: '1', license: { name: 'Apache-2.0' } },
    paths: Object.fromEntries(pathsOf(routes)),
    components: { schemas: { ...schemasOf(roots), Status: STATUS } },
  };
}

/** What every refusal looks like; `code` is gRPC's. */
const STATUS = {
  type: 'object',
  properties: {
    code: { type: 'integer' },
    message: { type: 'string' },
    details: { type: 'array', items: {} },
  },
};

function* pathsOf(routes: readonly Route[]): Iterable<[string, Json]> {
  for (const [template, same] of Map.groupBy(routes, ({ template }) => template)) {
    const operations = same.map((route) => [route.verb.toLowerCase(), operationOf(route)]);
    yield [template.replace('=**}', '}'), Object.fromEntries(operations)];
  }
}

function operationOf(route: Route): Json {
  const { method, hasBody } = route;
  return {
    tags: [method.parent.typeName],
    operationId: operationId(route),
    parameters: [...pathParameters(route), ...(hasBody ? [] : queryParameters(route))],
    ...(hasBody && { requestBody: { required: true, ...jsonOf(refTo(method.input)) } }),
    responses: {
      200: { description: 'OK', ...jsonOf(refTo(method.output)) },
      default: { description: 'Refused', ...jsonOf({ $ref: '#/components/schemas/Status' }) },
    },
  };
}

/** A method with two addresses is two operations, which must not have one name. */
function operationId({ method, template }: Route): string {
  const name = `${method.parent.typeName}.${method.name}`;
  return ROUTES.find((route) => route.method === method)?.template === template
    ? name
    : `${name}:${template}`;
}

const jsonOf = (schema: Json): Json => ({ content: { 'application/json': { schema } } });

const refTo = ({ typeName }: DescMessage): Json => ({ $ref: `#/components/schemas/${typeName}` });

const pathFields = ({ segments }: Route): string[] =>
  segments.flatMap((segment) => ('field' in segment ? [segment.field] : []));

type Parameter = Json & { readonly name: string };

function pathParameters(route: Route): Json[] {
  return pathFields(route).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: schemaAt(route.method, name),
  }));
}

function schemaAt({ input }: DescMethod, path: string): Json {
  let message: DescMessage | undefined = input;
  let field: DescField | undefined;
  for (const name of path.split('.')) {
    field = message?.fields.find((one) => one.name === name);
    message = field?.message;
  }
  return field === undefined ? {} : fieldSchema(field);
}

function queryParameters(route: Route): Parameter[] {
  const inPath = new Set(pathFields(route));
  return [...parametersOf(route.method.input, '')].filter(({ name }) => !inPath.has(name));
}

/** A message's fields, and those of its own messages by `outer.inner`, as an address can hold them. */
function* parametersOf({ fields }: DescMessage, prefix: string): Iterable<Parameter> {
  for (const field of fields) {
    const isNested = field.fieldKind === 'message' && !wellKnown(field.message);
    if (isNested && prefix === '') yield* parametersOf(field.message, `${field.name}.`);
    if (isNested || isListOfMessages(field)) continue;
    yield { name: `${prefix}${field.name}`, in: 'query', schema: fieldSchema(field) };
  }
}

const isListOfMessages = (field: DescField): boolean =>
  field.fieldKind === 'map' || (field.fieldKind === 'list' && field.message !== undefined);

/** Schemas of messages and of all that they hold, by name. */
function schemasOf(roots: readonly DescMessage[]): Json {
  const messages = new Set(roots);
  for (const { fields } of messages) {
    for (const { message } of fields) {
      if (message !== undefined && !wellKnown(message)) messages.add(message);
    }
  }
  return Object.fromEntries(
    [...messages]
      .map((message): [string, Json] => [message.typeName, messageSchema(message)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function messageSchema({ fields }: DescMessage): Json {
  const properties = fields.map((field) => [field.name, fieldSchema(field)]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function fieldSchema(field: DescField): Json {
  if (field.fieldKind === 'map')
    return { type: 'object', additionalProperties: valueSchema(field) };
  return field.fieldKind === 'list'
    ? { type: 'array', items: valueSchema(field) }
    : valueSchema(field);
}

function valueSchema(field: DescField): Json {
  if (field.message !== undefined) return wellKnown(field.message) ?? refTo(field.message);
  if (field.enum !== undefined) return enumSchema(field.enum);
  return scalarSchema(field.scalar as ScalarType);
}

function enumSchema({ values }: DescEnum): Json {
  return { type: 'string', enum: values.map(({ name }) => name) };
}

/** 64-bit integers are text: JSON's numbers lose their digits. */
function scalarSchema(type: ScalarType): Json {
  switch (type) {
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BYTES:
      return { type: ['string', 'null'], contentEncoding: 'base64' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' };
    case ScalarType.INT32:
    case ScalarType.UINT32:
    case ScalarType.SINT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return { type: 'integer' };
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return { type: 'string', format: ScalarType[type].toLowerCase() };
  }
}

function wellKnown({ typeName }: DescMessage): Json | undefined {
  return WELL_KNOWN.get(typeName);
}

const WELL_KNOWN: ReadonlyMap<string, Json> = new Map<string, Json>([
  [
    'google.protobuf.Any',
    { type: 'object', properties: { '@type': { type: 'string' } }, additionalProperties: true },
  ],
  ['google.protobuf.Timestamp', { type: 'string', format: 'date-time' }],
  ['google.protobuf.Duration', { type: 'string' }],
]);
