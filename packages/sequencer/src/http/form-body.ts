import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { ApiError, invalidField } from '../errors.ts';
import { readBounded } from './bounded-body.ts';
import type { RequestBody } from './request-body.ts';

/** Fields that are numbers in JSON; a form has nothing but text. */
const NUMBERS = new Set([
  'n',
  'steps',
  'guidance_scale',
  'committee_size',
  'strength',
  'conditioning_scale',
]);
const NUMBER = /^-?\d{1,9}(\.\d{1,9})?$/;
/** What a request has fields for, twice over. */
const MAX_PARTS = 40;

/** The multipart form that a request carries. Never reads more than `maxBytes`. Throws ApiError. */
export async function readFormBody(c: Context, maxBytes: number): Promise<RequestBody> {
  const type = c.req.header('content-type') ?? '';
  const bytes = await readBounded(c, maxBytes);
  const form = await new Response(Uint8Array.from(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw malformed('the body is not a multipart form', cause);
    });
  const parts = [...form];
  if (parts.length > MAX_PARTS) throw malformed(`a form of more than ${MAX_PARTS} parts`);
  const fields = new Map<string, unknown>();
  const hash = createHash('sha256');
  for (const [key, value] of parts) {
    // OpenAI's clients write lists so.
    const name = key.replace(/\[\]$/, '');
    if (fields.has(name)) throw invalidField(name, 'given more than once');
    const content = typeof value === 'string' ? value : new Uint8Array(await value.arrayBuffer());
    const isNumber = NUMBERS.has(name) && typeof content === 'string';
    fields.set(name, isNumber ? numberOf(content) : content);
    // The boundary is another each time, so the parts are what makes two requests the same.
    hash.update(`${JSON.stringify([name, content.length])}\n`).update(content);
  }
  return { fields: Object.fromEntries(fields), sha256: hash.digest('hex') };
}

/** Text that is no number stays as it is, for the field's own check to name. */
function numberOf(text: string): number | string {
  return NUMBER.test(text) ? Number(text) : text;
}

function malformed(message: string, cause?: unknown): ApiError {
  const failure = { status: 400, type: 'invalid_request_error', code: 'invalid_form', message };
  return new ApiError(failure as ApiError['failure'], { cause });
}
