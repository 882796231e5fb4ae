import { ChainError, NotIncludedError, RpcError, UnreachableError } from '@semblance/client/errors';
import type { Context } from 'hono';
import { ApiError, type ApiFailure, chainUnavailable, errorView } from '../errors.ts';
import { type Log, reasonOf } from '../log.ts';

/** The answer to a failed request, in OpenAI's shape. */
export function answerFailure(c: Context, error: unknown, log: Log): Response {
  const failure = failureOf(error);
  if (failure.status >= 500) {
    const fields = { path: c.req.path, code: failure.code, reason: reasonOf(error) };
    log(failure.status === 500 ? 'error' : 'warn', 'a request failed', fields);
  }
  const { retryAfterS } = failure;
  if (retryAfterS !== undefined) c.header('retry-after', String(retryAfterS));
  // OpenAI's clients repeat a 5xx by themselves, which here would be another job.
  c.header('x-should-retry', retryAfterS === undefined ? 'false' : 'true');
  if (failure.status === 401) c.header('www-authenticate', 'Bearer');
  if (failure.status === 413) c.header('connection', 'close');
  return c.json(errorView(failure), failure.status);
}

function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiError) return error.failure;
  if (
    error instanceof UnreachableError ||
    error instanceof RpcError ||
    error instanceof NotIncludedError
  ) {
    return chainUnavailable(error).failure;
  }
  if (error instanceof ChainError) {
    const { message } = error;
    return { status: 502, type: 'server_error', code: 'chain_refused', message };
  }
  const message = 'something went wrong on this server';
  return { status: 500, type: 'server_error', code: 'internal_error', message };
}
