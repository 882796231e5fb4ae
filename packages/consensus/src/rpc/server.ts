import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { closeServer, type ListenAddress, listen } from '../listen.ts';
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

/** Listens. Rejects when it cannot. */
export async function serveRpc(node: RpcNode, address: ListenAddress): Promise<RpcServer> {
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
  let authority: string;
  try {
    authority = await listen(http, address);
  } catch (error) {
    closeSockets(sockets);
    throw error;
  }
  return {
    url: `http://${authority}`,
    async close() {
      closeSockets(sockets);
      await inFlight.drained(CLOSE_GRACE_MS);
      await closeServer(http, () => http.closeAllConnections());
    },
  };
}

function isSocketPath(url = ''): boolean {
  return url === '/websocket' || url.startsWith('/websocket?');
}
