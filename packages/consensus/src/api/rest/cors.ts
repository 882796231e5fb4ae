import type { ServerResponse } from 'node:http';
import { cors } from '@connectrpc/connect';
import { HEIGHT_HEADER } from '../height-header.ts';

const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': [...cors.allowedHeaders, HEIGHT_HEADER].join(', '),
  'access-control-expose-headers': [
    ...cors.exposedHeaders,
    HEIGHT_HEADER,
    `grpc-metadata-${HEIGHT_HEADER}`,
  ].join(', '),
  'access-control-max-age': '86400',
} as const;

/** Any page may ask: nothing here is private, and what changes the chain is signed. */
export function allowCrossOrigin(response: ServerResponse): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
}
