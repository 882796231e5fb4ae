import type { Context } from 'hono';
import { invalidField } from '../errors.ts';

/** The `limit` of a list, from 1 to `most`. Throws ApiError. */
export function readLimit(c: Context, usual: number, most: number): number {
  const text = c.req.query('limit');
  if (text === undefined || text === '') return usual;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > most) throw invalidField('limit', `not from 1 to ${most}`);
  return limit;
}
