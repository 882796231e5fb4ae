import type { Context } from 'hono';
import { invalidField } from '../errors.ts';
import type { Caller } from '../jobs/intake.ts';
import type { Idempotency } from '../jobs/job-store.ts';
import type { RequestBody } from './request-body.ts';

/** The caller's `Idempotency-Key` header, bound to the body it came with. */
export function idempotencyOf(
  c: Context,
  { keyId }: Caller,
  { sha256 }: RequestBody,
): Idempotency | undefined {
  const name = c.req.header('idempotency-key');
  if (name === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(name)) {
    throw invalidField('Idempotency-Key', 'not 1 to 255 printable ASCII characters');
  }
  // One name may serve several routes: the same key on another path is another request.
  return { keyId, name: `${c.req.path} ${name}`, bodySha256: sha256 };
}
