import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { closeServer, type ListenAddress, listen } from '../../listen.ts';
import { InFlight } from '../../rpc/in-flight.ts';
import type { Api } from '../api.ts';
import { grpcRoutes, ROUTER_LIMITS } from '../grpc/routes.ts';
import { LIMITS } from '../limits.ts';
import { allowCrossOrigin } from './cors.ts';
import { restListener } from './listener.ts';

export interface RestServer {
  /** `http://host:port` */
  readonly url: string;
  close(): Promise<void>;
}

/** How long answers on their way are waited for at the end. */
const CLOSE_GRACE_MS = 500;

/** Made by scripts/build-openapi.ts. */
const OPENAPI = readFileSync(new URL('./openapi.json', import.meta.url));

/** REST with its description at `/openapi.json`, and gRPC-web for browsers, which cannot speak HTTP/2 without TLS. Rejects when it cannot listen. */
export async function serveRest(api: Api, address: ListenAddress): Promise<RestServer> {
  const routes = grpcRoutes(api);
  const grpcWeb = connectNodeAdapter({ routes, grpc: false, connect: false, ...ROUTER_LIMITS });
  const rest = restListener(api);
  const http = createServer({ maxHeaderSize: LIMITS.headerBytes }, (request, response) => {
    allowCrossOrigin(response);
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else if (isGrpcWeb(request)) grpcWeb(request, response);
    else if (request.url === '/openapi.json') sendOpenApi(response);
    else rest(request, response);
  });
  http.headersTimeout = LIMITS.headersMs;
  http.requestTimeout = LIMITS.requestMs;
  http.maxConnections = LIMITS.connections;
  const inFlight = new InFlight(http);
  const authority = await listen(http, address);
  return {
    url: `http://${authority}`,
    async close() {
      await inFlight.drained(CLOSE_GRACE_MS);
      await closeServer(http, () => http.closeAllConnections());
    },
  };
}

function sendOpenApi(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(OPENAPI);
}

function isGrpcWeb({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('application/grpc-web') ?? false;
}
