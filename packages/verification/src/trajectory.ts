import { concat, fromUtf8 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { PerceptualHashes } from '@semblance/perceptual-hash/hashes';

/*
 * The leaves a node commits to, in this order: what the model's encoder made of the task's pictures,
 * latent 0 (the seed's noise, or a picture with it) to latent N, the raw pixels, the delivered file, the perceptual hashes. A leaf is a tag and a digest rather than the
 * content, so that one latent can be opened and checked without moving the others.
 */

const ENCODED = fromUtf8('semblance/encoded/v1');
const LATENT = fromUtf8('semblance/latent/v1');
const PIXELS = fromUtf8('semblance/pixels/v1');
const FILE = fromUtf8('semblance/file/v1');
const HASHES = fromUtf8('semblance/hashes/v1');

export interface Trajectory {
  /** Latents of the pictures that the task begins from; empty where it begins from words alone. */
  readonly encoded: readonly Uint8Array[];
  /** Latent 0 to latent N, empty where there is no walk; each the little-endian float32 bytes of its tensor. */
  readonly latents: readonly Uint8Array[];
  /** Raw 8-bit RGB, row-major, width x height x 3 bytes. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The file the requester gets. */
  readonly file: Uint8Array;
  readonly hashes: PerceptualHashes;
}

export interface TrajectoryLeaves {
  readonly leaves: readonly Uint8Array[];
  /** Index of the delivered file's leaf. */
  readonly fileLeaf: number;
}

/** Leaf data of a trajectory, ready for `merkleRoot` and `merklePath`. */
export function leavesOf(trajectory: Trajectory): TrajectoryLeaves {
  const { encoded, latents, pixels, width, height, file, hashes } = trajectory;
  const size = new Uint8Array(8);
  new DataView(size.buffer).setUint32(0, width);
  new DataView(size.buffer).setUint32(4, height);
  const leaves = [
    ...encoded.map((latent) => concat(ENCODED, sha256(latent))),
    ...latents.map((latent) => concat(LATENT, sha256(latent))),
    concat(PIXELS, size, sha256(pixels)),
    fileLeafData(sha256(file)),
    concat(HASHES, hashes.average, hashes.perceptual, hashes.difference, hashes.color),
  ];
  return { leaves, fileLeaf: encoded.length + latents.length + 1 };
}

/** Data of the delivered file's leaf, from the file's SHA-256. */
export function fileLeafData(fileSha256: Uint8Array): Uint8Array {
  return concat(FILE, fileSha256);
}
