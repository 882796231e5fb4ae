import { createServer, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import { Code } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { closeServer, type ListenAddress, listen } from '../../listen.ts';
import type { Api } from '../api.ts';
import { LIMITS } from '../limits.ts';
import { reflectionRoutes } from './reflection.ts';
import { grpcRoutes, ROUTER_LIMITS } from './routes.ts';

export interface GrpcServer {
  /** `http://host:port`: HTTP/2 without TLS. */
  readonly url: string;
  close(): Promise<void>;
}

/** gRPC with reflection, and gRPC-web for clients that speak HTTP/2. Rejects when it cannot listen. */
export async function serveGrpc(api: Api, address: ListenAddress): Promise<GrpcServer> {
  const server = createServer(
    {
      maxSendHeaderBlockLength: LIMITS.headerBytes,
      settings: {
        maxConcurrentStreams: LIMITS.streamsPerSession,
        maxHeaderListSize: LIMITS.headerBytes,
      },
    },
    connectNodeAdapter({
      routes: (router) => {
        grpcRoutes(api)(router);
        reflectionRoutes(router);
      },
      connect: false,
      ...ROUTER_LIMITS,
      fallback: (_request, response) => {
        response.writeHead(200, {
          'content-type': 'application/grpc',
          'grpc-status': String(Code.Unimplemented),
          'grpc-message': 'unknown service or method',
        });
        response.end();
      },
    }),
  );
  server.on('request', (_, response) => closeWhenAnswered(response));
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    if (sessions.size >= LIMITS.sessions) {
      session.destroy();
      return;
    }
    sessions.add(session);
    const forgetIdle = closeWhenIdle(session);
    session.once('close', () => {
      sessions.delete(session);
      forgetIdle();
    });
    // A broken frame or a reset: the session closes by itself, and that is all there is to do.
    session.on('error', () => session.destroy());
  });
  const authority = await listen(server, address);
  return {
    url: `http://${authority}`,
    close: () =>
      closeServer(server, () => {
        for (const session of sessions) session.destroy();
      }),
  };
}

/**
 * Closes a session that begins no stream for a while. Returns what ends the watch, to be called when
 * the session is over: `session.setTimeout` would hold every session for as long after its end, since
 * Node (24.21) forgets to clear that timer.
 */
function closeWhenIdle(session: ServerHttp2Session): () => void {
  const idle = setTimeout(() => session.close(), LIMITS.idleMs);
  idle.unref();
  session.on('stream', () => idle.refresh());
  return () => clearTimeout(idle);
}

/**
 * A request may be answered before all of it is there. Then nothing more of it is wanted, and its
 * stream must not stay: RST_STREAM with NO_ERROR says so (RFC 9113, section 8.1). Node does it for an
 * answer without trailers; with them it is done once they have been handed over.
 */
function closeWhenAnswered({ stream }: Http2ServerResponse): void {
  stream.once('wantTrailers', () => setImmediate(() => stream.close()));
}
