import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ApplicationOptions } from '@semblance/chain/app';
import type { Application } from '@semblance/chain/application';
import type { SnapshotKeeper } from '@semblance/chain/state-sync';
import type { Change, Store } from '@semblance/chain/store';
import { wrapped } from './wrapped.ts';

/*
 * Where a process ends by `kill -9`: at named places of FinalizeBlock and Commit. The application and
 * its store are wrapped; they themselves know nothing of it.
 */

/** Of a block that has transactions. */
export const BLOCK_STAGES = [
  'before execution',
  'during execution',
  'after execution',
  'before commit',
  'before the transaction',
  'inside the transaction',
  'at the end of the transaction',
  'while the transaction is written to the disk',
  'after commit',
] as const;

/** Of a block after which all nodes of the trees are saved. */
export const CHECKPOINT_STAGES = [
  'before the checkpoint',
  'inside the checkpoint',
  'while the checkpoint is written to the disk',
  'after the checkpoint',
] as const;

/** Of a snapshot, where there are any. */
export const SNAPSHOT_STAGES = [
  'when the snapshot begins',
  'after its first chunk',
  'after its last file',
  'after the snapshot',
] as const;

export type Stage =
  | (typeof BLOCK_STAGES)[number]
  | (typeof CHECKPOINT_STAGES)[number]
  | (typeof SNAPSHOT_STAGES)[number];

/** A process that is to die, once it is told. */
export interface Doom {
  readonly stage: Stage;
  /** Directory of the snapshots. */
  readonly snapshots: string;
  readonly isArmed: () => boolean;
}

const CHECKPOINT_EVERY = 100n;
/** Reads of state by which a block with transactions is in the middle of one. */
const READS = 40;
/** Far more than a thread takes to start and to write the snapshot of a test. */
const SNAPSHOT_MS = 20_000;

export function doomed(
  create: (options: ApplicationOptions) => Application,
  { stage, isArmed, snapshots: root }: Doom,
): (options: ApplicationOptions) => Application {
  const sniper = createSniper();
  /** Of the block that is executed. */
  let block = { height: 0n, txs: 0, reads: 0, isExecuting: false };
  const isDue = () => {
    const isCheckpoint = block.height % CHECKPOINT_EVERY === 0n;
    const isWanted = isOf(BLOCK_STAGES, stage) ? block.txs > 0 : isCheckpoint;
    return isArmed() && isWanted;
  };
  const isWatched = () => isArmed() && isOf(SNAPSHOT_STAGES, stage);
  const reach = (...stages: readonly Stage[]) => {
    if (stages.includes(stage) && isDue()) die();
  };

  const watchedStore = (store: Store): Store => ({
    get(key) {
      if (block.isExecuting && ++block.reads === READS) reach('during execution');
      return store.get(key);
    },
    range: (start, end) => store.range(start, end),
    rangeReverse: (start, end) => store.rangeReverse(start, end),
    write(changes) {
      reach('before the transaction', 'before the checkpoint');
      store.write(
        watchedChanges(changes, {
          half: () => reach('inside the transaction', 'inside the checkpoint'),
          end: () => {
            reach('at the end of the transaction');
            if (/to the disk$/.test(stage) && isDue()) sniper.shootSoon();
          },
        }),
      );
    },
  });

  return (options) => {
    const { snapshots } = options;
    const app = create({
      ...options,
      store: watchedStore(options.store),
      ...(snapshots && { snapshots: watchedKeeper(snapshots, root, isWatched, reach) }),
    });
    return wrapped(app, {
      finalizeBlock(decided) {
        block = { height: decided.height, txs: decided.txs.length, reads: 0, isExecuting: true };
        reach('before execution');
        const result = app.finalizeBlock(decided);
        block.isExecuting = false;
        reach('after execution');
        return result;
      },
      commit() {
        reach('before commit');
        app.commit();
        // The embedded engine's transaction ends after this, and before anything else happens.
        queueMicrotask(() => reach('after commit', 'after the checkpoint'));
      },
    });
  };
}

function isOf(stages: readonly string[], stage: Stage): boolean {
  return stages.includes(stage);
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

interface Watch {
  readonly half: () => void;
  readonly end: () => void;
}

/** The changes, telling when half of them, and when all, have been taken. */
function* watchedChanges(changes: Iterable<Change>, { half, end }: Watch): Generator<Change> {
  const all = Array.from(changes);
  const middle = all.length >> 1;
  for (const [i, change] of all.entries()) {
    if (i === middle) half();
    yield change;
  }
  end();
}

/** Waits, with the block's commit still unanswered, till the snapshot's thread has come so far. */
function watchedKeeper(
  keeper: SnapshotKeeper,
  root: string,
  isWatched: () => boolean,
  reach: (stage: Stage) => void,
): SnapshotKeeper {
  return {
    list: () => keeper.list(),
    load: (height, format, chunk) => keeper.load(height, format, chunk),
    committed(height) {
      keeper.committed(height);
      if (height % CHECKPOINT_EVERY !== 0n || !isWatched()) return;
      const directory = join(root, String(height));
      const unfinished = `${directory}.unfinished`;
      const files: readonly (readonly [Stage, string])[] = [
        ['when the snapshot begins', unfinished],
        ['after its first chunk', join(unfinished, 'chunk-1')],
        ['after its last file', join(unfinished, 'hashes')],
        ['after the snapshot', directory],
      ];
      for (const [stage, file] of files) if (appears(file, directory)) reach(stage);
    },
  };
}

/** Holds the thread till the file is there; false if the snapshot was done before it was seen. */
function appears(file: string, directory: string): boolean {
  const giveUpAt = Date.now() + SNAPSHOT_MS;
  while (Date.now() < giveUpAt) {
    if (existsSync(file)) return true;
    if (existsSync(directory)) return false;
  }
  return false;
}

/** A thread that ends the process some microseconds later, whatever the main thread is about. */
function createSniper(): { shootSoon(): void } {
  const trigger = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { workerData: trigger } = require('node:worker_threads');
    Atomics.wait(trigger, 0, 0);
    Atomics.wait(trigger, 0, 1, Math.random() * 4);
    process.kill(process.pid, 'SIGKILL');`;
  new Worker(code, { eval: true, workerData: trigger }).unref();
  return {
    shootSoon() {
      Atomics.store(trigger, 0, 1);
      Atomics.notify(trigger, 0);
    },
  };
}
