import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { readBody } from './body.ts';
import { invalidRequest, methodNotFound, type RpcError, toRpcError } from './errors.ts';
import { answer, failure, reported, success } from './json-rpc.ts';
import { LIMITS } from './limits.ts';
import { methods } from './methods/table.ts';
import type { RpcNode } from './node.ts';
import { uriParams } from './params.ts';

/** CometBFT's id in answers to requests that have none. */
const URI_ID = -1;
const JSON_HEADERS = { 'content-type': 'application/json' };

export type HttpRoutes = Hono<{ Bindings: HttpBindings }>;

/** JSON-RPC by POST to `/`, and every method by GET to its name. */
export function httpRoutes(node: RpcNode): HttpRoutes {
  const app: HttpRoutes = new Hono();
  app.use(cors({ origin: '*', allowMethods: ['GET', 'POST', 'OPTIONS'] }));
  app.post('/', async (context) => {
    try {
      const body = await readBody(context.env.incoming, LIMITS.bodyBytes);
      return body === undefined ? tooLarge() : respond(200, await answer(node, body));
    } catch (error) {
      return refuse(500, reported(node, error));
    }
  });
  app.get('/:method', async (context) => {
    const method = methods.get(context.req.param('method'));
    if (method === undefined) return refuse(404, methodNotFound(context.req.path.slice(0, 64)));
    try {
      const params = uriParams(new URL(context.req.url).searchParams);
      return respond(200, success(URI_ID, await method.call(node, params)));
    } catch (error) {
      return refuse(500, reported(node, error));
    }
  });
  app.notFound((context) => refuse(404, methodNotFound(context.req.path.slice(0, 64))));
  app.onError((error) => refuse(500, reported(node, toRpcError(error))));
  return app;
}

/** The rest of the body is still coming, so that the connection is of no use any more. */
function tooLarge(): Response {
  const response = refuse(413, invalidRequest(`body longer than ${LIMITS.bodyBytes} bytes`));
  response.headers.set('connection', 'close');
  return response;
}

function refuse(status: number, error: RpcError): Response {
  return respond(status, failure(URI_ID, error));
}

function respond(status: number, body: string): Response {
  return new Response(body, { status, headers: JSON_HEADERS });
}
