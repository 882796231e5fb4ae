import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { routePath } from 'hono/route';
import { ApiError, notFound } from '../errors.ts';
import { answerFailure } from './failure.ts';
import { fileRoutes } from './file-routes.ts';
import { loopbackCors, loopbackHostOnly, ownOriginsOnly, securityHeaders } from './guard.ts';
import { imageRoutes } from './image-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { networkRoutes } from './network-routes.ts';
import { pageFile } from './page-files.ts';
import type { Services } from './services.ts';

/** The whole HTTP surface. `reach` says whether only this machine can call. */
export function createApp(services: Services, reach: 'loopback' | 'network'): Hono {
  const { log, metrics, pageDir } = services;
  const app = new Hono();
  app.onError((error, c) => answerFailure(c, error, log));

  app.use(async (c, next) => {
    const start = performance.now();
    c.header('x-request-id', randomUUID());
    await next();
    metrics.requests.observe(
      { method: c.req.method, route: routePath(c, -1), status: c.res.status },
      (performance.now() - start) / 1000,
    );
  });
  app.use(securityHeaders);
  if (reach === 'loopback') app.use(loopbackHostOnly);
  app.use(ownOriginsOnly);
  app.use(loopbackCors);

  app.route('/v1/images', imageRoutes(services));
  app.route('/v1/jobs', jobRoutes(services));
  app.route('/v1', networkRoutes(services));
  app.route('/v1', fileRoutes(services));
  app.all('/v1/*', (c) => {
    throw unknownRoute(c.req.method, c.req.path);
  });
  app.get('/health', (c) => {
    const isLive = services.isChainLive();
    return c.json({ status: isLive ? 'ok' : 'no blocks are seen' }, isLive ? 200 : 503);
  });
  app.get('/metrics', async (c) =>
    c.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  );
  app.get('*', async (c) => {
    const file = pageDir === undefined ? undefined : await pageFile(c, pageDir);
    if (file) return file;
    throw unknownRoute(c.req.method, c.req.path);
  });
  app.notFound((c) => answerFailure(c, unknownRoute(c.req.method, c.req.path), log));
  return app;
}

const POSTED = new Set([
  '/v1/images/edits',
  '/v1/images/generations',
  '/v1/images/upscales',
  '/v1/jobs',
]);

function unknownRoute(method: string, path: string): ApiError {
  if (POSTED.has(path)) {
    return new ApiError({
      status: 405,
      type: 'invalid_request_error',
      code: 'method_not_allowed',
      message: `${method} is not what ${path} answers to`,
    });
  }
  return notFound('unknown_url', `unknown request: ${method} ${path.slice(0, 128)}`);
}
