import type { Chain } from '@semblance/client/chain';
import { fileInBlock } from '../chain/file-in-block.ts';
import { ApiError } from '../errors.ts';
import { type Log, reasonOf } from '../log.ts';
import { endpointUrl } from '../nodes/endpoint.ts';
import type { DiskCache } from './disk-cache.ts';
import { fetchFile } from './fetch-file.ts';

/** Where a file came from. */
type ArtifactSource = 'cache' | 'node' | 'chain' | 'nowhere';

/** Files that nodes revealed or jobs begin from, by their SHA-256 in lower-case hex. */
export type Artifacts = (sha256: string) => Promise<Uint8Array | undefined>;

export interface ArtifactParts {
  readonly chain: Pick<Chain, 'query'>;
  readonly cache: DiskCache;
  /** Nodes that revealed the file, as far as known. */
  readonly holders: (sha256: string) => readonly string[] | undefined;
  readonly endpointOf: (node: string) => string | undefined;
  readonly maxFileBytes: () => Promise<number>;
  readonly onFound: (source: ArtifactSource) => void;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** How long nobody is asked again for a hash that nobody had. */
const ABSENT_MS = 5_000;
const MAX_ABSENT = 1_000;
/** Each may cost the chain a search. */
const MAX_SEEKING = 64;

/** From the cache, else from a node that revealed it, else from its reveal on the chain. */
export function createArtifacts(parts: ArtifactParts): Artifacts {
  const { cache, onFound } = parts;
  const seeking = new Map<string, Promise<Uint8Array | undefined>>();
  const absent = new Map<string, number>();

  const seek = async (sha256: string): Promise<Uint8Array | undefined> => {
    const cached = await cache.get(sha256);
    if (cached) {
      onFound('cache');
      return cached;
    }
    const file = (await fromNodes(parts, sha256)) ?? (await fromChain(parts, sha256));
    if (file) {
      await cache.put(sha256, file);
      return file;
    }
    onFound('nowhere');
    absent.set(sha256, Date.now());
    if (absent.size > MAX_ABSENT) absent.delete(absent.keys().next().value as string);
    return undefined;
  };

  return async (sha256) => {
    const missedAt = absent.get(sha256);
    if (missedAt !== undefined && Date.now() - missedAt < ABSENT_MS) {
      return undefined;
    }
    absent.delete(sha256);
    const already = seeking.get(sha256);
    if (already) return already;
    if (seeking.size >= MAX_SEEKING) throw busy();
    const found = seek(sha256).finally(() => seeking.delete(sha256));
    seeking.set(sha256, found);
    return found;
  };
}

function busy(): ApiError {
  return new ApiError({
    status: 503,
    type: 'server_error',
    code: 'too_many_files',
    message: 'too many files are being looked for',
    retryAfterS: 2,
  });
}

async function fromNodes(
  { holders, endpointOf, maxFileBytes, onFound, signal, log }: ArtifactParts,
  sha256: string,
): Promise<Uint8Array | undefined> {
  const maxBytes = await maxFileBytes();
  for (const node of holders(sha256) ?? []) {
    const url = endpointUrl(endpointOf(node) ?? '', `/artifacts/${sha256}`);
    if (!url) continue;
    try {
      const file = await fetchFile(url, sha256, maxBytes, signal);
      onFound('node');
      return file;
    } catch (error) {
      log('info', 'a node did not serve its file', { node, reason: reasonOf(error) });
    }
  }
  return undefined;
}

async function fromChain(
  { chain, onFound, signal }: ArtifactParts,
  sha256: string,
): Promise<Uint8Array | undefined> {
  const file = await fileInBlock(chain, sha256, signal);
  if (file) onFound('chain');
  return file;
}
