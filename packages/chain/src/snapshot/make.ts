import { sha256 } from '@semblance/core/sha256';
import type { Records } from '@semblance/iavl/records';
import type { Snapshot } from '../application.ts';
import { savedTrees } from '../store/multistore.ts';
import { encodeTrees, SNAPSHOT_FORMAT } from './format.ts';

export { CHECKPOINT_EVERY } from '../store/multistore.ts';
export { SNAPSHOT_FORMAT } from './format.ts';

/** A snapshot in the making. */
export interface SnapshotChunks {
  readonly height: bigint;
  /** Read from the store as they are asked for. */
  readonly chunks: Iterable<Uint8Array>;
}

/**
 * The last state that the store holds whole, which it does at every height that
 * {@link CHECKPOINT_EVERY} divides. `store` must not change till the last chunk: it is a view of one
 * moment. Undefined before genesis. The same state always gives the same chunks.
 */
export function snapshotChunks(store: Records): SnapshotChunks | undefined {
  const saved = savedTrees(store);
  return saved && { height: saved.height, chunks: encodeTrees(saved.trees) };
}

/** A snapshot as it is offered. `metadata` holds the chunks' hashes. */
export function describeSnapshot(height: bigint, metadata: Uint8Array): Snapshot {
  return {
    height,
    format: SNAPSHOT_FORMAT,
    chunks: metadata.length / 32,
    hash: sha256(metadata),
    metadata,
  };
}
