import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Snapshot } from '@semblance/chain/application';
import { CHECKPOINT_EVERY, SNAPSHOT_FORMAT } from '@semblance/chain/snapshot';
import type { SnapshotKeeper } from '@semblance/chain/state-sync';
import { InvalidInputError } from '@semblance/core/errors';
import { readChunk, readSnapshots, removeOldSnapshots } from './files.ts';
import type { SnapshotTask } from './snapshot-worker.ts';

export interface SnapshotOptions {
  /** Path of the LMDB environment whose database `state` holds the state. */
  readonly data: string;
  /** Directory of the snapshots; made if missing. */
  readonly root: string;
  /** One is made at the heights that this divides. A multiple of 100. */
  readonly every: bigint;
  /** How many stay, at least 2: whoever is at one may take its time. */
  readonly keep: number;
  /** Told why a snapshot could not be made. The next one may be. */
  readonly report: (error: unknown) => void;
}

/** Makes snapshots in a thread of its own, and serves them to peers from the disk. */
export class SnapshotFiles implements SnapshotKeeper {
  readonly #options: SnapshotOptions;
  /** The newest first. */
  #snapshots: readonly Snapshot[];
  #making: Promise<void> | undefined;

  /** @throws InvalidInputError for an interval or a number that is not one */
  constructor(options: SnapshotOptions) {
    const { every, keep, root } = options;
    if (every < 1n || every % CHECKPOINT_EVERY !== 0n) {
      throw new InvalidInputError('every', `not a multiple of ${CHECKPOINT_EVERY}: ${every}`);
    }
    if (!Number.isInteger(keep) || keep < 2) {
      throw new InvalidInputError('keep', `not an integer above 1: ${keep}`);
    }
    this.#options = options;
    removeOldSnapshots(root, keep);
    this.#snapshots = readSnapshots(root);
  }

  list(): readonly Snapshot[] {
    return this.#snapshots;
  }

  load(height: bigint, format: number, chunk: number): Uint8Array | undefined {
    const snapshot = this.#snapshots.find((one) => one.height === height);
    if (snapshot === undefined || format !== SNAPSHOT_FORMAT) return undefined;
    if (!Number.isInteger(chunk) || chunk < 0 || chunk >= snapshot.chunks) return undefined;
    try {
      return readChunk(this.#options.root, height, chunk);
    } catch (error) {
      this.#options.report(error);
      return undefined;
    }
  }

  /** Begins a snapshot if it is time for one and none is in the making. */
  committed(height: bigint): void {
    if (height % this.#options.every !== 0n || this.#making !== undefined) return;
    this.#making = this.#make(height)
      .catch(this.#options.report)
      .finally(() => {
        this.#making = undefined;
      });
  }

  /** Resolves when no snapshot is in the making. */
  async close(): Promise<void> {
    await this.#making;
  }

  async #make(height: bigint): Promise<void> {
    const { data, root, keep } = this.#options;
    const task: SnapshotTask = { data, root, height, keep };
    const file = new URL('./snapshot-worker.ts', import.meta.url);
    await once(new Worker(file, { workerData: task }), 'exit');
    this.#snapshots = readSnapshots(root);
  }
}
