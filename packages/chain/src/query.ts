import { InvalidInputError } from '@semblance/core/errors';
import type { ChainParams } from './chain-params.ts';
import type { BlockInfo } from './context.ts';
import { RefusedError, sdkErrors } from './errors.ts';
import type { Reader } from './store/overlay.ts';

/** What a query sees: committed state, and the block in which a simulated transaction would run. */
export interface QueryContext {
  readonly state: Reader;
  readonly params: ChainParams;
  readonly block: BlockInfo;
}

/** Answers one gRPC method: encoded request to encoded response. Refuses by throwing. */
export type QueryHandler = (context: QueryContext, request: Uint8Array) => Uint8Array;

/** A refusal in the words by which CosmJS and wallets know that something is not there. */
export function notFound(what: string): RefusedError {
  return new RefusedError(
    sdkErrors.keyNotFound,
    `rpc error: code = NotFound desc = ${what} not found`,
  );
}

export function invalidQuery(reason: string, cause?: unknown): RefusedError {
  return new RefusedError(
    sdkErrors.invalidRequest,
    `rpc error: code = InvalidArgument desc = ${reason}`,
    { cause },
  );
}

/** Runs a codec over bytes from outside. */
export function readRequest<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    const reason = cause instanceof InvalidInputError ? cause.message : 'request does not decode';
    throw invalidQuery(reason, cause);
  }
}
