import { toHex } from '@semblance/core/bytes';
import { SemblanceError } from '@semblance/core/errors';
import { sha256 as hash } from '@semblance/core/sha256';

/** A node did not give the file that it revealed. */
class FetchError extends SemblanceError<'NOT_SERVED' | 'TOO_LARGE' | 'WRONG_CONTENT'> {}

const TIMEOUT_MS = 5_000;

/**
 * A file by its hash from an address that nobody vouches for: bounded in size and time, no
 * redirects, and nothing but bytes of that hash.
 */
export async function fetchFile(
  url: URL,
  sha256: string,
  maxBytes: number,
  outer: AbortSignal,
): Promise<Uint8Array> {
  const signal = AbortSignal.any([outer, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(url, { signal, redirect: 'error' });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new FetchError('NOT_SERVED', `HTTP ${response.status}`, { url: url.href });
  }
  const bytes = await boundedBytes(response.body, maxBytes, url);
  if (toHex(hash(bytes)) !== sha256) {
    throw new FetchError('WRONG_CONTENT', 'the bytes have another hash', { url: url.href });
  }
  return bytes;
}

async function boundedBytes(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  url: URL,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new FetchError('TOO_LARGE', `more than ${maxBytes} bytes`, { url: url.href });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
