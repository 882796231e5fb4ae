import type { Context } from 'hono';
import { ApiError } from '../errors.ts';
import type { Body } from '../jobs/fields.ts';
import type { Limits } from '../limits.ts';
import { readFormBody } from './form-body.ts';
import { readJsonBody } from './json-body.ts';

export interface RequestBody {
  /** A form's files are bytes. */
  readonly fields: Body;
  /** Of what was sent, lower-case hex; the same for the same request. */
  readonly sha256: string;
}

/**
 * What a request asks for, as JSON or as a form with files. A page elsewhere could post a form
 * without asking first; `ownOriginsOnly` stands before this. Throws ApiError.
 */
export function readRequestBody(c: Context, limits: Limits): Promise<RequestBody> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return readJsonBody(c, limits.bodyBytes);
  if (type === 'multipart/form-data') return readFormBody(c, limits.uploadBytes);
  throw new ApiError({
    status: 415,
    type: 'invalid_request_error',
    code: 'unsupported_media_type',
    message: 'content-type must be application/json or multipart/form-data',
  });
}
