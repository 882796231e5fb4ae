import type { AddressInfo, Server } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

/** Resolves with `host:port` once the server listens. Rejects when it cannot. */
export function listen(server: Server, { host, port }: ListenAddress): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.removeListener('error', reject);
    resolve(authorityOf(server.address() as AddressInfo));
  });
  return promise;
}

function authorityOf({ address, family, port }: AddressInfo): string {
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Resolves when the server has no connection left; `end` ends those that it has. */
export function closeServer(server: Server, end: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.close((error) => (error === undefined ? resolve() : reject(error)));
  end();
  return promise;
}
