import type { ListenAddress } from '../listen.ts';
import { type ApiOptions, createApi } from './api.ts';
import { serveGrpc } from './grpc/server.ts';
import { serveRest } from './rest/server.ts';

export interface ApiServerOptions extends ApiOptions {
  readonly rest: ListenAddress;
  readonly grpc: ListenAddress;
}

export interface ApiServer {
  readonly restUrl: string;
  readonly grpcUrl: string;
  close(): Promise<void>;
}

/** Serves Cosmos' REST and gRPC over any engine with CometBFT's RPC. Rejects when it cannot listen. */
export async function startApi(options: ApiServerOptions): Promise<ApiServer> {
  const api = createApi(options);
  const rest = await serveRest(api, options.rest);
  try {
    const grpc = await serveGrpc(api, options.grpc);
    const close = async () => {
      await Promise.all([rest.close(), grpc.close()]);
    };
    return { restUrl: rest.url, grpcUrl: grpc.url, close };
  } catch (error) {
    await rest.close();
    throw error;
  }
}
