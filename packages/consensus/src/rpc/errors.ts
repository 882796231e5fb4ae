import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import { MempoolError } from '../solo/mempool.ts';
import { TooManySubscriptionsError } from './event-bus.ts';

/** An error of JSON-RPC 2.0, with CometBFT's codes and its habit to explain in `data`. */
export class RpcError extends SemblanceError<
  'RPC_ERROR',
  { rpcCode: number; rpcMessage: string; data: string }
> {
  constructor(rpcCode: number, rpcMessage: string, data: string, options?: { cause?: unknown }) {
    super('RPC_ERROR', `${rpcMessage}: ${data}`, { rpcCode, rpcMessage, data }, options);
  }
}

export interface RpcErrorJson {
  readonly code: number;
  readonly message: string;
  readonly data: string;
}

export function parseError(data: string): RpcError {
  return new RpcError(-32700, 'Parse error. Invalid JSON', data);
}

export function invalidRequest(data: string): RpcError {
  return new RpcError(-32600, 'Invalid Request', data);
}

export function methodNotFound(data: string): RpcError {
  return new RpcError(-32601, 'Method not found', data);
}

function invalidParams(data: string): RpcError {
  return new RpcError(-32602, 'Invalid params', data);
}

export function internalError(data: string, cause?: unknown): RpcError {
  return new RpcError(-32603, 'Internal error', data, { cause });
}

/**
 * What a client is told. Refusals are explained; of anything else only this node's operator learns
 * more, from the cause, since it may say more about the host than is anyone's business.
 */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof InvalidInputError) return invalidParams(error.message);
  if (error instanceof MempoolError || error instanceof TooManySubscriptionsError) {
    return internalError(error.message);
  }
  return internalError('unexpected failure', error);
}

export function errorJson({ details }: RpcError): RpcErrorJson {
  return { code: details.rpcCode, message: details.rpcMessage, data: details.data };
}
