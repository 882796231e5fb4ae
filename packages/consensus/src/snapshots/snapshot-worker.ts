import { workerData } from 'node:worker_threads';
import { snapshotChunks } from '@semblance/chain/snapshot';
import { openDatabase, openEnvironment } from '../store/environment.ts';
import { plain } from '../store/lmdb-store.ts';
import { removeOldSnapshots, writeSnapshot } from './files.ts';

/** What the thread is started with. */
export interface SnapshotTask {
  /** Path of the LMDB environment that holds the state. */
  readonly data: string;
  /** Directory of the snapshots. */
  readonly root: string;
  readonly height: bigint;
  /** How many snapshots stay. */
  readonly keep: number;
}

/*
 * A thread that makes one snapshot and ends. It reads by a transaction of its own, which sees the
 * state as it is now whatever the main thread writes meanwhile.
 */

const { data, root, height, keep } = workerData as SnapshotTask;
const environment = openEnvironment(data);
try {
  const database = openDatabase(environment, 'state');
  const transaction = database.useReadTransaction();
  try {
    const snapshot = snapshotChunks({
      get: (key) => plain(database.get(key, { transaction })),
    });
    // Of another height when the chain was faster than the start of this thread: the next one then.
    if (snapshot?.height === height) writeSnapshot(root, snapshot);
    removeOldSnapshots(root, keep);
  } finally {
    transaction.done();
  }
} finally {
  await environment.close();
}
