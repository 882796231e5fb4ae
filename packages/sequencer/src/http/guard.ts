import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { ApiError } from '../errors.ts';
import { isLoopbackHost, isLoopbackOrigin } from './loopback.ts';

/**
 * On a loopback address, refuses requests that name another host: a web page elsewhere can resolve
 * its own name to 127.0.0.1 and would then count as same-origin (DNS rebinding).
 */
export const loopbackHostOnly: MiddlewareHandler = async (c, next) => {
  if (!isLoopbackHost(c.req.header('host'))) {
    throw new ApiError({
      status: 421,
      type: 'permission_error',
      code: 'host_not_allowed',
      message: 'this server answers to localhost only',
    });
  }
  await next();
};

/** Pages of other origins may neither read nor, with the local key, spend. */
export const ownOriginsOnly: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header('origin');
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.method === 'OPTIONS';
  if (origin !== undefined && !isRead && !isOwnOrigin(origin, c.req.header('host'))) {
    throw new ApiError({
      status: 403,
      type: 'permission_error',
      code: 'origin_not_allowed',
      message: 'pages of this origin may not use this server',
    });
  }
  await next();
};

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (isLoopbackOrigin(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** Pages served from this machine may call the API. */
export const loopbackCors: MiddlewareHandler = cors({
  origin: (origin) => (isLoopbackOrigin(origin) ? origin : null),
  allowMethods: ['GET', 'POST', 'OPTIONS'],
  exposeHeaders: ['location', 'retry-after', 'x-request-id'],
  maxAge: 600,
});

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer. A route may open its resource to other origins; nothing else is its choice. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'no-referrer');
  headers.set('x-frame-options', 'DENY');
  headers.set('cross-origin-opener-policy', 'same-origin');
  if (!headers.has('cross-origin-resource-policy')) {
    headers.set('cross-origin-resource-policy', 'same-origin');
  }
  const isPage = headers.get('content-type')?.startsWith('text/html') ?? false;
  headers.set('content-security-policy', isPage ? PAGE_POLICY : "default-src 'none'; sandbox");
};
