import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readBody } from '../../rpc/body.ts';
import type { Api } from '../api.ts';
import { httpStatus, invalidArgument, toApiError, unimplemented } from '../errors.ts';
import { HEIGHT_HEADER, requestedHeight } from '../height-header.ts';
import { fromGatewayJson } from '../json/read.ts';
import { toGatewayJson } from '../json/write.ts';
import { LIMITS } from '../limits.ts';
import { matchRoute } from './routes.ts';
import { requestFromUrl } from './url-request.ts';

/** Answers Cosmos' REST: JSON for every method with a `google.api.http` option. */
export function restListener(api: Api): RequestListener {
  return (request, response) => {
    void answer(api, request, response);
  };
}

/** Never rejects. */
async function answer(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    send(response, 200, JSON.stringify(await call(api, request, response)));
  } catch (error) {
    // Reported where it was not expected: in the API.
    const { message, details } = toApiError(error);
    const body = { code: details.status, message, details: [] };
    send(response, httpStatus(details.status), JSON.stringify(body));
  }
}

async function call(api: Api, request: IncomingMessage, response: ServerResponse) {
  const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
  const match = matchRoute(request.method ?? '', path);
  if (match === undefined) throw unimplemented('Not Implemented');
  const { method, hasBody } = match.route;
  const message = hasBody
    ? fromGatewayJson(method.input, await bodyOf(request, response))
    : requestFromUrl(match, query);
  const height = requestedHeight(request.headers[HEIGHT_HEADER]?.toString());
  const signal = AbortSignal.timeout(LIMITS.answerMs);
  const found = await api.answer({ method, message, height, signal });
  if (found.height !== undefined) {
    response.setHeader(`grpc-metadata-${HEIGHT_HEADER}`, String(found.height));
  }
  return toGatewayJson(method.output, found.message);
}

/** After a body that is too long the rest is still coming: the connection is of no more use. */
async function bodyOf(request: IncomingMessage, response: ServerResponse): Promise<string> {
  const body = await readBody(request, LIMITS.bodyBytes);
  if (body !== undefined) return body;
  response.setHeader('connection', 'close');
  throw invalidArgument(`body longer than ${LIMITS.bodyBytes} bytes`);
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
