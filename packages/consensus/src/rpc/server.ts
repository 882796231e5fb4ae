import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { httpRoutes } from './http.ts';
import { InFlight } from './in-flight.ts';
import { LIMITS } from './limits.ts';
import type { RpcNode } from './node.ts';
import { closeSockets, webSocketServer } from './websocket.ts';

export interface RpcServer {
  /** `http://host:port`; sockets are at `/websocket` below it. */
  readonly url: string;
  close(): Promise<void>;
}

/** How long answers on their way are waited for at the end. */
const CLOSE_GRACE_MS = 500;

/** Listens at `host` and `port` (0 takes any free one). Rejects when it cannot. */
export async function serveRpc(
  node: RpcNode,
  address: { readonly host: string; readonly port: number },
): Promise<RpcServer> {
  const http = createAdaptorServer({ fetch: httpRoutes(node).fetch }) as Server;
  http.headersTimeout = LIMITS.headersMs;
  http.requestTimeout = LIMITS.requestMs;
  http.maxConnections = LIMITS.connections;
  const inFlight = new InFlight(http);
  const sockets = webSocketServer(node);
  http.on('upgrade', (request, socket, head) => {
    if (!isSocketPath(request.url)) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client));
  });
  try {
    await listen(http, address);
  } catch (error) {
    closeSockets(sockets);
    throw error;
  }
  return {
    url: urlOf(http.address() as AddressInfo),
    async close() {
      closeSockets(sockets);
      await inFlight.drained(CLOSE_GRACE_MS);
      await closeHttp(http);
    },
  };
}

function isSocketPath(url = ''): boolean {
  return url === '/websocket' || url.startsWith('/websocket?');
}

function listen(http: Server, { host, port }: { host: string; port: number }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.once('error', reject);
  http.listen(port, host, () => {
    http.removeListener('error', reject);
    resolve();
  });
  return promise;
}

function closeHttp(http: Server): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.close((error) => (error === undefined ? resolve() : reject(error)));
  http.closeAllConnections();
  return promise;
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
