import { equals } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { ChunkVerdict, OfferVerdict, Snapshot, StateSync } from '../application.ts';
import { ApplicationError } from '../errors.ts';
import { RESTORING_KEY } from '../meta.ts';
import { PRESENT } from '../store/prefixes.ts';
import type { Store } from '../store/store.ts';
import { MAX_CHUNKS, SNAPSHOT_FORMAT } from './format.ts';
import { Restoration } from './restoration.ts';

/** Where snapshots are made and kept. */
export interface SnapshotKeeper extends Pick<StateSync, 'list' | 'load'> {
  /** Told of every height that is committed. */
  committed(height: bigint): void;
}

/** Of an application that keeps none. */
export const NO_SNAPSHOTS: SnapshotKeeper = {
  list: () => [],
  load: () => undefined,
  committed: () => {},
};

export interface StateSyncComponents {
  readonly store: Store;
  readonly keeper: SnapshotKeeper;
  /** Whether there is no state yet. */
  readonly isEmpty: () => boolean;
  /** Told when the store holds a state. */
  readonly onRestored: () => void;
}

export function createStateSync(components: StateSyncComponents): StateSync {
  const { store, keeper, isEmpty, onRestored } = components;
  let restoration: Restoration | undefined;

  function giveUp(): void {
    restoration = undefined;
    clearRestoration(store);
  }

  return {
    list: () => keeper.list(),
    load: (height, format, chunk) => keeper.load(height, format, chunk),

    offer(snapshot, appHash): OfferVerdict {
      if (!isEmpty()) return 'abort';
      if (snapshot.format !== SNAPSHOT_FORMAT) return 'reject_format';
      if (appHash.length !== 32 || !isWellFormed(snapshot)) return 'reject';
      giveUp();
      store.write([{ key: RESTORING_KEY, value: PRESENT }]);
      restoration = new Restoration(snapshot, appHash);
      return 'accept';
    },

    apply(index, chunk): ChunkVerdict {
      if (restoration === undefined || index !== restoration.next || !isEmpty()) {
        throw new ApplicationError('WRONG_CHUNK', `nobody asked for chunk ${index}`, { index });
      }
      if (!restoration.isNext(chunk)) return 'retry';
      const changes = restoration.add(chunk);
      const last = restoration.isComplete ? restoration.finish() : [];
      if (changes === undefined || last === undefined) {
        giveUp();
        return 'reject_snapshot';
      }
      store.write([...changes, ...last]);
      if (restoration.isComplete) {
        restoration = undefined;
        onRestored();
      }
      return 'accept';
    },
  };
}

function isWellFormed({ height, chunks, hash, metadata }: Snapshot): boolean {
  return (
    height > 0n &&
    height < BigInt(Number.MAX_SAFE_INTEGER) &&
    Number.isInteger(chunks) &&
    chunks > 0 &&
    chunks <= MAX_CHUNKS &&
    metadata.length === 32 * chunks &&
    equals(hash, sha256(metadata))
  );
}

/** Keys that are removed in one go. */
const BATCH = 10_000;

/** Removes what a restoration that came to no end has left. The mark goes last: this too may end. */
export function clearRestoration(store: Store): void {
  if (store.get(RESTORING_KEY) === undefined) return;
  for (let keys = leftKeys(store); keys.length > 0; keys = leftKeys(store)) {
    store.write(keys.map((key) => ({ key, value: undefined })));
  }
  store.write([{ key: RESTORING_KEY, value: undefined }]);
}

/** The next keys but for those of `meta`, which are written with the last chunk only. */
function leftKeys(store: Store): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const [key] of store.range(Uint8Array.of(0x01), Uint8Array.of(0xff))) {
    keys.push(key);
    if (keys.length === BATCH) break;
  }
  return keys;
}
