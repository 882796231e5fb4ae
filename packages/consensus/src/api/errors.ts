import { Code, ConnectError } from '@connectrpc/connect';
import type { QueryResult } from '@semblance/chain/application';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import { EngineUnreachableError } from '../rpc/call.ts';
import { RpcError } from '../rpc/errors.ts';

/** A refusal with one of gRPC's status codes. REST derives its HTTP status from it. */
export class ApiError extends SemblanceError<'API_ERROR', { status: Code }> {
  constructor(status: Code, message: string, options?: { cause?: unknown }) {
    super('API_ERROR', message, { status }, options);
  }
}

export function invalidArgument(message: string): ApiError {
  return new ApiError(Code.InvalidArgument, message);
}

export function unimplemented(what: string): ApiError {
  return new ApiError(Code.Unimplemented, what);
}

/**
 * What a client is told. Of what nobody expected only this node's operator learns more, from the
 * cause, since it may say more about the host than is anyone's business.
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidInputError) return invalidArgument(error.message);
  if (error instanceof EngineUnreachableError) {
    return new ApiError(Code.Unavailable, 'the consensus engine does not answer', { cause: error });
  }
  if (error instanceof RpcError) return rpcRefusal(error);
  if (error instanceof ConnectError) return new ApiError(error.code, error.rawMessage);
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ApiError(Code.DeadlineExceeded, 'the request took too long');
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return new ApiError(Code.Canceled, 'the client went away');
  }
  return new ApiError(Code.Internal, 'unexpected failure', { cause: error });
}

/** CometBFT calls nearly everything an internal error and tells the difference in words only. */
function rpcRefusal({ details: { rpcCode, data } }: RpcError): ApiError {
  const [, status = Code.Internal] = STATUS_OF_WORDS.find(([words]) => words.test(data)) ?? [];
  return new ApiError(rpcCode === INVALID_PARAMS ? Code.InvalidArgument : status, data);
}

const INVALID_PARAMS = -32602;
const STATUS_OF_WORDS: readonly (readonly [RegExp, Code])[] = [
  [/ not found$| is not available/, Code.NotFound],
  [
    / must be greater than 0| must be less than or equal|^page should be within/,
    Code.InvalidArgument,
  ],
  [/parse query/, Code.InvalidArgument],
];

/** gRPC's status for a query that the application refused, by Cosmos SDK's error numbers. */
export function queryRefusal({ code, codespace, log }: QueryResult): ApiError {
  const status = codespace === 'sdk' ? STATUS_OF_SDK_ERROR.get(code) : undefined;
  return new ApiError(status ?? Code.Unknown, log);
}

const STATUS_OF_SDK_ERROR: ReadonlyMap<number, Code> = new Map([
  [6, Code.Unimplemented], // unknown request: nothing answers this path
  [18, Code.InvalidArgument],
  [22, Code.NotFound],
  [26, Code.InvalidArgument], // invalid height
]);

const HTTP_STATUS: ReadonlyMap<Code, number> = new Map([
  [Code.InvalidArgument, 400],
  [Code.FailedPrecondition, 400],
  [Code.OutOfRange, 400],
  [Code.Unauthenticated, 401],
  [Code.PermissionDenied, 403],
  [Code.NotFound, 404],
  [Code.AlreadyExists, 409],
  [Code.Aborted, 409],
  [Code.ResourceExhausted, 429],
  [Code.Canceled, 499],
  [Code.Unimplemented, 501],
  [Code.Unavailable, 503],
  [Code.DeadlineExceeded, 504],
]);

/** grpc-gateway's HTTP status for a gRPC status. */
export function httpStatus(status: Code): number {
  return HTTP_STATUS.get(status) ?? 500;
}
