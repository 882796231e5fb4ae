import { type Context, Hono } from 'hono';
import { notFound } from '../errors.ts';
import { jobIdParam } from './job-routes.ts';
import type { Services } from './services.ts';

/** Files that nodes revealed, and receipts. */
export function fileRoutes({ artifacts, receiptOf }: Services): Hono {
  const app = new Hono();

  app.get('/artifacts/:sha256', async (c) => {
    const sha256 = hashParam(c);
    const etag = `"${sha256}"`;
    const headers = {
      etag,
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
    };
    const file = await artifacts(sha256);
    if (!file) throw notFound('artifact_not_found', 'nobody revealed a file with this hash');
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
    return c.body(Uint8Array.from(file), 200, { ...headers, 'content-type': 'image/png' });
  });

  app.get('/receipts/:id', async (c) => {
    const receipt = await receiptOf(jobIdParam(c));
    if (!receipt) {
      throw notFound('receipt_not_found', 'there is no such job, or it is not settled yet', 'id');
    }
    return c.json(receipt);
  });
  return app;
}

function hashParam(c: Context): string {
  const sha256 = c.req.param('sha256')?.toLowerCase() ?? '';
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw notFound('artifact_not_found', 'not a SHA-256 in hexadecimal', 'sha256');
  }
  return sha256;
}
