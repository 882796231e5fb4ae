import type { Chain } from '@semblance/client/chain';
import { toHex } from '@semblance/core/bytes';
import type { Job } from '@semblance/proto/ml';

/** A revealed file from the node that made it. */
export async function findArtifact(
  { query }: Pick<Chain, 'query'>,
  { members }: Job,
  sha256: Uint8Array,
): Promise<Uint8Array> {
  const hash = toHex(sha256);
  const holder = members.find(({ fileSha256 }) => toHex(fileSha256) === hash);
  const node = holder && (await query.node(holder.node));
  const response = await fetch(`${node?.endpoint}/artifacts/${hash}`);
  if (!response.ok) throw new Error(`nobody serves ${hash}`);
  return new Uint8Array(await response.arrayBuffer());
}
