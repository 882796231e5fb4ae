import type { Context } from 'hono';
import { ApiError } from '../errors.ts';

/** The bytes of a request's body. Never reads more than `maxBytes`. Throws ApiError. */
export async function readBounded(c: Context, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new ApiError({
      status: 413,
      type: 'invalid_request_error',
      code: 'request_too_large',
      message: `the body is larger than ${maxBytes} bytes`,
    });
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
