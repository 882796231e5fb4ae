import { SemblanceError } from '@semblance/core/errors';
import type { ErrorView } from './views.ts';

export interface ApiFailure {
  readonly status:
    | 400
    | 401
    | 402
    | 403
    | 404
    | 405
    | 413
    | 415
    | 421
    | 422
    | 429
    | 500
    | 502
    | 503
    | 504;
  /** OpenAI's family of errors. */
  readonly type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'insufficient_funds'
    | 'rate_limit_error'
    | 'verdict_error'
    | 'server_error';
  readonly code: string;
  readonly message: string;
  /** The request's field at fault. */
  readonly param?: string;
  /** When the same request may succeed. Without it clients are told not to repeat. */
  readonly retryAfterS?: number;
}

/** A refusal or failure that an HTTP client is told about, in OpenAI's shape. */
export class ApiError extends SemblanceError<string, { readonly failure: ApiFailure }> {
  constructor(failure: ApiFailure, options?: { cause?: unknown }) {
    super(failure.code, failure.message, { failure }, options);
  }

  get failure(): ApiFailure {
    return this.details.failure;
  }
}

export function errorView({ message, type, param, code }: ApiFailure): ErrorView {
  return { error: { message, type, param: param ?? null, code } };
}

/** A field of the request is wrong; the message starts with its name. */
export function invalidField(
  param: string,
  reason: string,
  code = 'invalid_value',
  options?: { cause?: unknown },
): ApiError {
  const message = `${param}: ${reason}`;
  return new ApiError(
    { status: 400, type: 'invalid_request_error', code, message, param },
    options,
  );
}

export function notFound(code: string, message: string, param?: string): ApiError {
  const failure = { status: 404, type: 'invalid_request_error', code, message } as const;
  return new ApiError(param === undefined ? failure : { ...failure, param });
}

/** The chain or its RPC server gave no answer. */
export function chainUnavailable(cause: unknown): ApiError {
  return new ApiError(
    {
      status: 503,
      type: 'server_error',
      code: 'chain_unavailable',
      message: 'the chain does not answer; try again shortly',
      retryAfterS: 2,
    },
    { cause },
  );
}
