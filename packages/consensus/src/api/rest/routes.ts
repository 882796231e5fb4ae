import { type DescMethod, getOption, hasOption } from '@bufbuild/protobuf';
import { http } from '@semblance/proto/gen/google/api/annotations_pb';
import type { HttpRule } from '@semblance/proto/gen/google/api/http_pb';
import { SERVICES } from '@semblance/proto/services';
import { invalidArgument } from '../errors.ts';

/** A method's address in REST, from its `google.api.http` option. */
export interface Route {
  readonly verb: 'GET' | 'POST';
  /** Such as `/cosmos/bank/v1beta1/balances/{address}`. */
  readonly template: string;
  readonly segments: readonly Segment[];
  /** Whether the request is the body's JSON; else it is the query's parameters. */
  readonly hasBody: boolean;
  readonly method: DescMethod;
}

/** One part between slashes: itself, or the value of a field; `rest` takes all that is left. */
type Segment = { readonly literal: string } | { readonly field: string; readonly rest: boolean };

export interface Match {
  readonly route: Route;
  /** Values of the fields in the path, decoded. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Every route of every service, the more literal before the less. */
export const ROUTES: readonly Route[] = SERVICES.flatMap(({ methods }) =>
  methods.flatMap(routesOf),
).toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));

function routesOf(method: DescMethod): Route[] {
  if (!hasOption(method, http)) return [];
  const rule = getOption(method, http);
  return [rule, ...rule.additionalBindings].map((one) => routeOf(method, one));
}

function routeOf(method: DescMethod, { pattern, body }: HttpRule): Route {
  const isKnown = pattern.case === 'get' || pattern.case === 'post';
  if (!isKnown || (body !== '' && body !== '*')) {
    throw new TypeError(`${method.toString()}: neither GET nor POST of a whole message`);
  }
  return {
    verb: pattern.case === 'get' ? 'GET' : 'POST',
    template: pattern.value,
    segments: pattern.value.slice(1).split('/').map(segmentOf),
    hasBody: body === '*',
    method,
  };
}

function segmentOf(text: string): Segment {
  const match = /^\{([a-z0-9_.]+)(=\*\*)?\}$/.exec(text);
  if (match !== null) return { field: match[1] as string, rest: match[2] !== undefined };
  if (!/^[\w.-]+$/.test(text)) throw new TypeError(`not a path segment: ${text}`);
  return { literal: text };
}

/** A literal sorts before any field, so that `blocks/latest` is tried before `blocks/{height}`. */
function sortKey({ segments }: Route): string {
  return segments.map((one) => ('literal' in one ? one.literal : '~')).join('/');
}

/** The first route for a path, still percent-encoded. Throws when the encoding is broken. */
export function matchRoute(verb: string, path: string): Match | undefined {
  const parts = path.slice(1).split('/');
  for (const route of ROUTES) {
    const fields = route.verb === verb ? fieldsOf(route, parts) : undefined;
    if (fields !== undefined) return { route, fields };
  }
  return undefined;
}

function fieldsOf({ segments }: Route, parts: readonly string[]): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const [i, segment] of segments.entries()) {
    const part = parts[i];
    if (part === undefined) return undefined;
    if ('literal' in segment) {
      if (segment.literal !== part) return undefined;
    } else {
      const value = segment.rest ? parts.slice(i).join('/') : part;
      if (value === '') return undefined;
      fields.set(segment.field, decodePercent(value));
      if (segment.rest) return fields;
    }
  }
  return parts.length === segments.length ? fields : undefined;
}

/** Throws when the percent-encoding is broken or is not of UTF-8. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument('the address is not percent-encoded UTF-8');
  }
}
