import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { toHex } from '@semblance/core/bytes';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { streamSSE } from 'hono/streaming';
import type { Metrics } from './metrics.ts';
import type { Progress, ProgressHub } from './progress.ts';
import type { RunStore } from './run-store.ts';

export interface HttpParts {
  readonly runs: RunStore;
  readonly progress: ProgressHub;
  readonly metrics: Metrics;
  /** What /health tells. */
  readonly health: () => Readonly<Record<string, unknown>>;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

const HASH = /^[0-9a-f]{64}$/;
const MAX_CONNECTIONS = 500;
const MAX_LISTENERS = 100;
/** A listener that reads slower than this many events behind is cut off. */
const MAX_BEHIND = 1_000;
const KEEP_ALIVE_MS = 15_000;

/** The routes of a node: what it made, and what it is doing. */
export function createApp(parts: HttpParts): Hono {
  const { runs, progress, metrics, health } = parts;
  const app = new Hono();
  let listeners = 0;
  app.use(cors());
  app.get('/health', (c) => c.json(health()));
  app.get('/metrics', async (c) =>
    c.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  );
  app.get('/artifacts/:sha256', async (c) => {
    const hash = c.req.param('sha256').toLowerCase();
    const found = HASH.test(hash) ? await runs.findRevealed(hash) : undefined;
    if (!found) return c.json({ error: 'no such artifact' }, 404);
    return c.body(Uint8Array.from(found.bytes), 200, {
      'content-type': found.kind === 'file' ? 'image/png' : 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
      etag: `"${hash}"`,
      'x-content-type-options': 'nosniff',
    });
  });
  app.get('/trajectories/:jobId', async (c) => {
    const jobId = c.req.param('jobId').toLowerCase();
    const run = HASH.test(jobId) && runs.isRevealed(jobId) ? await runs.load(jobId) : undefined;
    if (!run) return c.json({ error: 'no such trajectory' }, 404);
    return c.json({
      job: jobId,
      root: toHex(run.root),
      leaves: run.leaves.map(toHex),
      file_leaf: run.fileLeaf,
      artifacts: run.artifacts.map(({ kind, sha256, length }) => ({ kind, sha256, bytes: length })),
    });
  });
  app.get('/events', (c) => {
    if (listeners >= MAX_LISTENERS) return c.json({ error: 'too many listeners' }, 503);
    listeners++;
    return streamSSE(c, async (stream) => {
      const pending: Progress[] = [];
      let notify = (): void => {};
      const stop = progress.listen((event) => {
        pending.push(event);
        if (pending.length > MAX_BEHIND) stream.abort();
        notify();
      });
      stream.onAbort(() => notify());
      try {
        while (!stream.aborted) {
          const event = pending.shift();
          if (event) {
            await stream.writeSSE({ event: 'progress', data: JSON.stringify(event) });
            continue;
          }
          const isQuiet = await quiet(KEEP_ALIVE_MS, (wake) => {
            notify = wake;
          });
          if (isQuiet && !stream.aborted) await stream.write(': alive\n\n');
        }
      } finally {
        stop();
        listeners--;
      }
    });
  });
  app.notFound((c) => c.json({ error: 'not found' }, 404));
  return app;
}

/** Whether `ms` passed before the wake that is handed to `arm` was called. */
function quiet(ms: number, arm: (wake: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms);
    arm(() => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

/** Serves the routes; port 0 takes any. Rejects when the port is taken. */
export function startHttp(app: Hono, host: string, port: number): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info: AddressInfo) => {
      resolve({
        port: info.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.once('error', reject);
  });
}
