import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Application } from '@semblance/chain/application';
import { InvalidInputError } from '@semblance/core/errors';
import { type AbciAddress, formatAbciAddress, parseAbciAddress } from './address.ts';
import { answerFor } from './answer.ts';
import { serveConnection } from './connection.ts';
import { AbciError } from './errors.ts';
import { FrameReader } from './frames.ts';
import type { Extend } from './vote-extensions.ts';

export interface AbciServerOptions {
  /** Makes the extensions of a validator's votes. Left out by a node that is none. */
  readonly extend?: Extend;
  /** `unix://PATH` or `tcp://HOST:PORT` on loopback; port 0 takes any free one. */
  readonly address: string;
  /** Greatest frame. Genesis comes in one, and so does a block. Default 256 MiB. */
  readonly maxFrameBytes?: number;
  /** Told of requests that made no sense; their connection is closed. */
  readonly report: (error: AbciError) => void;
  /** Told that the application threw, after which its state may be anything: stop. */
  readonly onFailure: (error: unknown) => void;
}

export interface AbciServer {
  /** For the engine's `proxy_app`. */
  readonly address: string;
  /** Closes every connection once what was answered has left. */
  close(): Promise<void>;
}

const DEFAULT_MAX_FRAME_BYTES = 256 * 1024 * 1024;

/** An engine opens four; those of one that has just died may still be there. */
const MAX_CONNECTIONS = 16;

/**
 * Serves an application to a consensus engine over ABCI 2.0's socket protocol. Methods run one at a
 * time, whichever of the connections they came over.
 */
export async function serveAbci(app: Application, options: AbciServerOptions): Promise<AbciServer> {
  const { maxFrameBytes = DEFAULT_MAX_FRAME_BYTES, report, onFailure, extend } = options;
  const answer = answerFor(app, extend);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const frames = new FrameReader(maxFrameBytes);
    serveConnection(socket, frames, answer, (error) => {
      if (error instanceof AbciError) report(error);
      else onFailure(error);
      // A connection that breaks is an engine that ended, which is for others to notice.
    }).catch(() => socket.destroy());
  });
  server.maxConnections = MAX_CONNECTIONS;
  const address = await listen(server, parseAbciAddress(options.address));
  return { address: formatAbciAddress(address), close: () => close(server, sockets) };
}

async function listen(server: Server, address: AbciAddress): Promise<AbciAddress> {
  if (address.kind === 'unix') removeSocket(address.path);
  server.listen(address.kind === 'unix' ? { path: address.path } : address);
  await once(server, 'listening');
  if (address.kind === 'tcp') return { ...address, port: (server.address() as AddressInfo).port };
  chmodSync(address.path, 0o600);
  return address;
}

/** A killed process leaves its socket behind. Two at once are kept apart by the home's lock. */
function removeSocket(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new InvalidInputError('address', `${path} is not a socket`);
  rmSync(path);
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroySoon();
  await closed;
}
