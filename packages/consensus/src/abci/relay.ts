import type { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { AbciAddress } from './address.ts';
import { PortStream } from './port-stream.ts';
import type { FromRelay, RelayTask } from './relay-worker.ts';

export interface RelayOptions extends RelayTask {
  /** Given the other end of each connection. */
  readonly onConnection: (connection: Duplex) => void;
  /** Told why the thread broke, after which nothing is served any more. */
  readonly onFailure: (error: unknown) => void;
}

export interface Relay {
  /** With the port that was free, if any was asked for. */
  readonly address: AbciAddress;
  /** Closes every connection once what was written to it has left. */
  close(): Promise<void>;
}

/** Most bytes that a connection's writer may be ahead of the thread. */
const WRITE_AHEAD_BYTES = 1 << 20;

/** Listens in a thread of its own, which reads and writes whatever this one is busy with. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { onConnection, onFailure, ...task } = options;
  const worker = new Worker(new URL('./relay-worker.ts', import.meta.url), { workerData: task });
  const listening = Promise.withResolvers<AbciAddress>();
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  const open = new Set<Duplex>();
  let isClosing = false;

  worker.once('error', listening.reject);
  worker.on('message', (message: FromRelay) => {
    if ('listening' in message) return listening.resolve(message.listening);
    const connection = new PortStream(message.connection, WRITE_AHEAD_BYTES);
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    onConnection(connection);
    if (isClosing) connection.end();
  });

  const address = await listening.promise;
  worker.on('error', onFailure);
  return {
    address,
    close: async () => {
      isClosing = true;
      for (const connection of open) connection.end();
      worker.postMessage('close');
      await ended;
    },
  };
}
