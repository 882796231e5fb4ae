import { createHash } from 'node:crypto';
import { toUtf8 } from '@semblance/core/bytes';
import type { Context } from 'hono';
import { ApiError } from '../errors.ts';
import { bodyOf } from '../jobs/fields.ts';
import { readBounded } from './bounded-body.ts';
import type { RequestBody } from './request-body.ts';

/** The JSON object that a request carries. Never reads more than `maxBytes`. Throws ApiError. */
export async function readJsonBody(c: Context, maxBytes: number): Promise<RequestBody> {
  const bytes = await readBounded(c, maxBytes);
  return {
    fields: bodyOf(parse(bytes)),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = toUtf8(bytes);
  } catch {
    throw refused('invalid_utf8', 'the body is not valid UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refused('invalid_json', 'the body is not valid JSON');
  }
}

function refused(code: string, message: string): ApiError {
  return new ApiError({ status: 400, type: 'invalid_request_error', code, message });
}
