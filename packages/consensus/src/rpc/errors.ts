import { InvalidInputError, SemblanceError } from '@semblance/core/errors';

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

export function invalidParams(data: string): RpcError {
  return new RpcError(-32602, 'Invalid params', data);
}

export function internalError(data: string, cause?: unknown): RpcError {
  return new RpcError(-32603, 'Internal error', data, { cause });
}

/**
 * What a client is told. The text of an error that was not thrown on purpose stays here: it may
 * say more about the host than is anyone's business.
 */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof InvalidInputError) return invalidParams(error.message);
  if (error instanceof SemblanceError) return internalError(error.message, error);
  return internalError('unexpected failure', error);
}

export function errorJson({ details }: RpcError): RpcErrorJson {
  return { code: details.rpcCode, message: details.rpcMessage, data: details.data };
}
