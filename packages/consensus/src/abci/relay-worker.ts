import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { finished } from 'node:stream';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { AbciAddress } from './address.ts';
import { PortStream } from './port-stream.ts';

/** What the thread is started with. */
export interface RelayTask {
  readonly address: AbciAddress;
  readonly maxConnections: number;
  /** Most bytes that are read of a connection before the main thread takes them. */
  readonly readAheadBytes: number;
}

/** What the thread says: first where it listens, then each connection as the other end of a stream. */
export type FromRelay = { readonly listening: AbciAddress } | { readonly connection: MessagePort };

/*
 * A thread that listens, and reads from every connection at once whatever the main thread is busy
 * with. Told anything, it takes no more connections, closes each when the main thread has ended its
 * stream and all of it has left, and ends.
 */

const { address, maxConnections, readAheadBytes } = workerData as RelayTask;
const main = parentPort as MessagePort;
const closers = new Set<() => void>();

const server = createServer({ allowHalfOpen: true }, relay);
server.maxConnections = maxConnections;
server.listen(address.kind === 'unix' ? { path: address.path } : address);
await once(server, 'listening');
if (address.kind === 'unix') chmodSync(address.path, 0o600);
say({ listening: bound(address) });
main.once('message', () => {
  server.close();
  for (const close of closers) close();
});

function relay(socket: Socket): void {
  const { port1, port2 } = new MessageChannel();
  const stream = new PortStream(port1, readAheadBytes);
  const close = () => {
    if (stream.readableEnded) socket.destroySoon();
    else stream.once('end', () => socket.destroySoon());
  };
  closers.add(close);
  socket.pipe(stream).pipe(socket);
  finished(stream, (error) => {
    if (error) socket.destroy();
  });
  finished(socket, () => {
    stream.destroy();
    closers.delete(close);
  });
  say({ connection: port2 }, port2);
}

function bound(asked: AbciAddress): AbciAddress {
  if (asked.kind === 'unix') return asked;
  return { ...asked, port: (server.address() as AddressInfo).port };
}

function say(message: FromRelay, ...given: MessagePort[]): void {
  main.postMessage(message, given);
}
