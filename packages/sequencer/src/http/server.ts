import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { SemblanceError } from '@semblance/core/errors';
import type { Hono } from 'hono';

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Headers and body of a request must be here within this. */
const REQUEST_MS = 30_000;
const MAX_CONNECTIONS = 2_048;

/** The address cannot be listened on. */
class ListenError extends SemblanceError<'CANNOT_LISTEN'> {}

/** Serves the app; port 0 takes any free one. Throws ListenError, e.g. when the port is taken. */
export function listen(app: Hono, host: string, port: number): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    hostname: host,
    // The application's own globals stay what they are.
    overrideGlobalObjects: false,
    serverOptions: { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS },
  }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => {
      const reason = cause.code === 'EADDRINUSE' ? 'the port is taken' : cause.message;
      const address = `${host}:${port}`;
      reject(new ListenError('CANNOT_LISTEN', `${address}: ${reason}`, { address }, { cause }));
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      const { port: taken } = server.address() as AddressInfo;
      const name = host.includes(':') ? `[${host}]` : host;
      resolve({ url: `http://${name}:${taken}`, close: () => close(server) });
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
