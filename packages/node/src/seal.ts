import { merklePath, merkleRoot } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { hashImage } from '@semblance/perceptual-hash/hashes';
import { commitment } from '@semblance/verification/commitment';
import { leavesOf } from '@semblance/verification/trajectory';
import type { Generated } from './generated.ts';

export type ArtifactKind = 'encoded' | 'latent' | 'pixels' | 'file';

interface Artifact {
  readonly kind: ArtifactKind;
  readonly sha256: Uint8Array;
  readonly bytes: Uint8Array;
}

/** A finished run with all that is needed to commit to it now and to open it later. */
export interface SealedRun {
  readonly jobId: Uint8Array;
  /** 32 secret bytes. */
  readonly salt: Uint8Array;
  readonly root: Uint8Array;
  readonly commitment: Uint8Array;
  readonly leaves: readonly Uint8Array[];
  readonly fileLeaf: number;
  /** Encoded pictures, latents, pixels, file: in the order of their leaves. */
  readonly artifacts: readonly Artifact[];
}

/**
 * Commits a node to what it generated.
 *
 * @param node account bytes of the node, 20 bytes
 * @param salt 32 fresh random bytes
 */
export function seal(
  jobId: Uint8Array,
  node: Uint8Array,
  generated: Generated,
  salt: Uint8Array,
): SealedRun {
  const { encoded, latents, pixels, width, height, file } = generated;
  const hashes = hashImage({ width, height, channels: 3, data: pixels });
  const { leaves, fileLeaf } = leavesOf({ ...generated, hashes });
  const root = merkleRoot(leaves);
  const artifact = (kind: ArtifactKind, bytes: Uint8Array): Artifact => ({
    kind,
    sha256: sha256(bytes),
    bytes,
  });
  return {
    jobId,
    salt,
    root,
    commitment: commitment({ jobId, node, root, salt }),
    leaves,
    fileLeaf,
    artifacts: [
      ...encoded.map((latent) => artifact('encoded', latent)),
      ...latents.map((latent) => artifact('latent', latent)),
      artifact('pixels', pixels),
      artifact('file', file),
    ],
  };
}

/** Audit path of the delivered file's leaf. */
export function filePath({
  leaves,
  fileLeaf,
}: Pick<SealedRun, 'leaves' | 'fileLeaf'>): Uint8Array[] {
  return merklePath(leaves, fileLeaf);
}
