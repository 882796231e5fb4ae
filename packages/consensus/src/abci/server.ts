import { lstatSync, rmSync } from 'node:fs';
import type { Application } from '@semblance/chain/application';
import { InvalidInputError } from '@semblance/core/errors';
import { formatAbciAddress, parseAbciAddress } from './address.ts';
import { answerFor } from './answer.ts';
import { serveConnection } from './connection.ts';
import { AbciError } from './errors.ts';
import { FrameReader } from './frames.ts';
import { startRelay } from './relay.ts';
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

/** What an engine may write ahead over one connection: as much as its pool holds by our configuration. */
const MAX_READ_AHEAD_BYTES = 64 * 1024 * 1024;

/**
 * Serves an application to a consensus engine over ABCI 2.0's socket protocol. Methods run one at a
 * time, whichever of the connections they came over, and while one runs all connections are read:
 * CometBFT 0.38 spins, at a processor's whole cost, as long as a write to its application waits.
 */
export async function serveAbci(app: Application, options: AbciServerOptions): Promise<AbciServer> {
  const { maxFrameBytes = DEFAULT_MAX_FRAME_BYTES, report, onFailure, extend } = options;
  const answer = answerFor(app, extend);
  const address = parseAbciAddress(options.address);
  if (address.kind === 'unix') removeSocket(address.path);
  const relay = await startRelay({
    address,
    maxConnections: MAX_CONNECTIONS,
    readAheadBytes: Math.min(maxFrameBytes, MAX_READ_AHEAD_BYTES),
    onConnection: (connection) => {
      const frames = new FrameReader(maxFrameBytes);
      serveConnection(connection, frames, answer, (error) => {
        if (error instanceof AbciError) report(error);
        else onFailure(error);
        // A connection that breaks is an engine that ended, which is for others to notice.
      }).catch(() => connection.destroy());
    },
    onFailure,
  });
  return { address: formatAbciAddress(relay.address), close: () => relay.close() };
}

/** A killed process leaves its socket behind. Two at once are kept apart by the home's lock. */
function removeSocket(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new InvalidInputError('address', `${path} is not a socket`);
  rmSync(path);
}
