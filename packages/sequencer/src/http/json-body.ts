import { createHash } from 'node:crypto';
import { toUtf8 } from '@semblance/core/bytes';
import type { Context } from 'hono';
import { ApiError } from '../errors.ts';
import { type Body, bodyOf } from '../jobs/fields.ts';

export interface JsonBody {
  readonly fields: Body;
  /** Of the bytes as they came, lower-case hex. */
  readonly sha256: string;
}

/** The JSON object that a request carries. Never reads more than `maxBytes`. Throws ApiError. */
export async function readJsonBody(c: Context, maxBytes: number): Promise<JsonBody> {
  // A form post needs no preflight, so any page could make one.
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw refused(415, 'unsupported_media_type', 'content-type must be application/json');
  }
  const bytes = await readBounded(c, maxBytes);
  return {
    fields: bodyOf(parse(bytes)),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

async function readBounded(c: Context, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    refused(413, 'request_too_large', `the body is larger than ${maxBytes} bytes`);
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = c.req.raw.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = toUtf8(bytes);
  } catch {
    throw refused(400, 'invalid_utf8', 'the body is not valid UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refused(400, 'invalid_json', 'the body is not valid JSON');
  }
}

function refused(status: 400 | 413 | 415, code: string, message: string): ApiError {
  return new ApiError({ status, type: 'invalid_request_error', code, message });
}
