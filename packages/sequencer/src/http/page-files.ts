import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { Context } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};
const INDEX = 'index.html';

/**
 * A file of the built page, or the page itself for addresses that only the page knows. Undefined
 * when there is none.
 */
export async function pageFile(c: Context, dir: string): Promise<Response | undefined> {
  const path = decodedPath(c.req.path);
  if (path === undefined) return undefined;
  const file = await findFile(dir, path === '/' ? INDEX : path);
  if (file) return answer(c, file, path.startsWith('/assets/') ? HASHED : REVALIDATED);
  if (extname(path) !== '') return undefined;
  const index = await findFile(dir, INDEX);
  return index && answer(c, index, REVALIDATED);
}

/** The build puts a hash of the content into the names under assets. */
const HASHED = 'public, max-age=31536000, immutable';
const REVALIDATED = 'no-cache';

interface PageFile {
  readonly path: string;
  readonly etag: string;
}

function decodedPath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return /[\0\\]|(^|\/)\./.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/** A plain file inside the folder, whatever links there are. */
async function findFile(dir: string, path: string): Promise<PageFile | undefined> {
  try {
    const root = await realpath(dir);
    const real = await realpath(join(root, path));
    const found = await stat(real);
    if (!real.startsWith(root + sep) || !found.isFile()) return undefined;
    return { path: real, etag: `"${found.size.toString(36)}-${found.mtimeMs.toString(36)}"` };
  } catch {
    return undefined;
  }
}

async function answer(c: Context, { path, etag }: PageFile, caching: string): Promise<Response> {
  const headers = { etag, 'cache-control': caching };
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  return c.body(await readFile(path), 200, { ...headers, 'content-type': type });
}
