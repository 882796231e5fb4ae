import { createServer } from 'node:http';
import type { Registry } from 'prom-client';
import { closeServer, type ListenAddress, listen } from '../listen.ts';

export interface MetricsServer {
  /** `http://HOST:PORT/metrics` */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a registry to Prometheus: GET /metrics and nothing else. */
export async function serveMetrics(
  registry: Registry,
  address: ListenAddress,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  // Prometheus keeps one connection; nothing is ever sent here but short requests.
  server.maxConnections = 16;
  server.requestTimeout = 10_000;
  const authority = await listen(server, address);
  return {
    url: `http://${authority}/metrics`,
    close: () => closeServer(server, () => server.closeAllConnections()),
  };
}
