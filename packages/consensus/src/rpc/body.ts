import type { IncomingMessage } from 'node:http';

/**
 * The text of a request's body, or nothing when it is longer than `maxBytes`. Read from Node's own
 * stream: half a megabyte takes a web stream several times as long.
 */
export async function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
): Promise<string | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const chunks: Buffer[] = [];
  let length = 0;
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) resolve(undefined);
    else chunks.push(chunk);
  });
  incoming.on('end', () => resolve(Buffer.concat(chunks).toString()));
  incoming.on('error', reject);
  return promise;
}
