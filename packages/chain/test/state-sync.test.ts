import { concat, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { describe, expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import type { Application, Snapshot, StateSync } from '../src/application.ts';
import { brokenInvariants } from '../src/invariants.ts';
import { describeSnapshot, snapshotChunks } from '../src/snapshot/make.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { CHECKPOINT_EVERY } from '../src/store/multistore.ts';
import { startChain, type TestChain } from './support/chain.ts';
import { FUNDED, mlGenesis, REQUESTER, request, submitMessage } from './support/ml.ts';

/** A chain at the height of a checkpoint, with jobs under way. */
function startBusyChain(): TestChain {
  const chain = startChain({ balances: FUNDED, ml: mlGenesis() });
  while (chain.app.info().height < CHECKPOINT_EVERY) {
    const isBusy = chain.app.info().height % 10n === 0n;
    chain.block(isBusy ? [chain.tx(REQUESTER, [submitMessage(request())])] : [], 1n);
  }
  return chain;
}

interface Taken {
  readonly snapshot: Snapshot;
  readonly chunks: readonly Uint8Array[];
}

function take(store: TestChain['store']): Taken {
  const made = snapshotChunks(store);
  if (made === undefined) throw new Error('no state');
  const chunks = [...made.chunks];
  return {
    chunks,
    snapshot: describeSnapshot(made.height, concat(...chunks.map((c) => sha256(c)))),
  };
}

const stateSyncOf = ({ stateSync }: Application): StateSync => {
  if (stateSync === undefined) throw new Error('no state sync');
  return stateSync;
};

function startEmpty() {
  const store = createMemoryStore();
  const app = createApplication({ store });
  return { store, app, sync: stateSyncOf(app) };
}

const allOf = (store: TestChain['store']) =>
  Array.from(
    store.range(Uint8Array.of(1), Uint8Array.of(0xf0)),
    ([key, value]) => `${toHex(key)}=${toHex(value)}`,
  );

/** The same content under hashes that fit: a lie that only the application hash shows. */
const offerOf = (height: bigint, chunks: readonly Uint8Array[]): Snapshot =>
  describeSnapshot(height, concat(...chunks.map((chunk) => sha256(chunk))));

describe('state sync', () => {
  const chain = startBusyChain();
  const { appHash } = chain.app.info();
  const { snapshot, chunks } = take(chain.store);

  test('restores an application that goes on like the first', () => {
    const { store, app, sync } = startEmpty();
    expect(snapshot.height).toBe(CHECKPOINT_EVERY);
    expect(sync.offer(snapshot, appHash)).toBe('accept');
    for (const [i, chunk] of chunks.entries()) expect(sync.apply(i, chunk)).toBe('accept');
    expect(app.info()).toEqual({ height: snapshot.height, appHash });
    expect(allOf(store)).toEqual(allOf(chain.store));
    expect(brokenInvariants(store)).toEqual([]);
    expect(take(store)).toEqual({ snapshot, chunks });
    expect(createApplication({ store }).info()).toEqual(app.info());
    expect(sync.offer(snapshot, appHash)).toBe('abort');

    const first = startChain({ balances: FUNDED, ml: mlGenesis() });
    for (const block of chain.blocks) {
      first.app.finalizeBlock(block);
      first.app.commit();
    }
    for (let n = 0n; n < CHECKPOINT_EVERY; n++) {
      first.block(n < 5n ? [first.tx(REQUESTER, [submitMessage(request())])] : [], 1n);
      const block = first.blocks.at(-1);
      if (block === undefined) throw new Error('no block');
      expect(app.finalizeBlock(block).appHash).toEqual(first.app.info().appHash);
      app.commit();
    }
    expect(take(store).snapshot).toEqual(take(first.store).snapshot);
  });

  test('an interrupted restoration leaves nothing', () => {
    const { store, sync } = startEmpty();
    sync.offer(snapshot, appHash);
    const again = createApplication({ store });
    expect([...store.range(Uint8Array.of(0), Uint8Array.of(0xff))]).toEqual([]);
    const genesisHash = startChain({ balances: FUNDED }).app.info().appHash;
    again.initChain(startChain({ balances: FUNDED }).genesis);
    expect(again.info()).toEqual({ height: 0n, appHash: genesisHash });
    expect(stateSyncOf(again).offer(snapshot, appHash)).toBe('abort');
  });

  test('a chunk that is not the listed one is asked for again', () => {
    const { app, sync } = startEmpty();
    sync.offer(snapshot, appHash);
    const [chunk] = chunks as [Uint8Array];
    for (const wrong of [new Uint8Array(), chunk.slice(1), Uint8Array.of(...chunk.slice(0, 9))]) {
      expect(sync.apply(0, wrong)).toBe('retry');
    }
    expect(() => sync.apply(1, chunk)).toThrow(/nobody asked/);
    expect(app.info().height).toBe(0n);
    expect(sync.apply(0, chunk)).toBe('accept');
    expect(() => sync.apply(chunks.length, chunk)).toThrow(/nobody asked/);
    expect(app.info().appHash).toEqual(appHash);
  });

  const hash = new Uint8Array(32);
  test.each<[string, Partial<Snapshot>, string]>([
    ['of another format', { format: 2 }, 'reject_format'],
    ['of genesis', { height: 0n }, 'reject'],
    ['of no chunks', describeSnapshot(5n, new Uint8Array()), 'reject'],
    ['of more chunks than hashes', { chunks: 2 }, 'reject'],
    ['of half a hash', describeSnapshot(5n, new Uint8Array(48)), 'reject'],
    ['of too many chunks', describeSnapshot(5n, new Uint8Array(32 * 10_001)), 'reject'],
    ['with another hash', { hash }, 'reject'],
  ])('an offer %s is turned down', (_, fields, verdict) => {
    expect(startEmpty().sync.offer({ ...snapshot, ...fields }, appHash)).toBe(verdict);
    expect(startEmpty().sync.offer(snapshot, new Uint8Array(31))).toBe('reject');
  });

  const [whole] = chunks as [Uint8Array];
  /** An END for each store, with one leaf before the first. */
  const leaf = (...key: number[]) => Uint8Array.of(2, 1, key.length, ...key, 1, 7, 0, 0, 0, 0, 0);
  test.each<[string, readonly Uint8Array[]]>([
    ['of another state', chunks],
    ['that ends early', [whole.slice(0, -1)]],
    ['that breaks off', [whole.slice(0, -9)]],
    ['that goes on', [...chunks, Uint8Array.of(0)]],
    ['of empty trees', [new Uint8Array(5)]],
    ['of noise', [new Uint8Array(100).fill(0xff)]],
    ['that writes beside state', [leaf(0x00, 1)]],
    ['that writes to another store', [leaf(0x20, 1)]],
    ['that writes to the trees', [leaf(0xf0, 1)]],
    ['with an empty key', [leaf()]],
    ['with a chunk that is too long', [concat(whole, new Uint8Array(10_000_001))]],
  ])('a snapshot %s is refused and leaves nothing', (_, lies) => {
    const { store, app, sync } = startEmpty();
    expect(sync.offer(offerOf(snapshot.height, lies), hash)).toBe('accept');
    const verdicts = lies.map((chunk, i) => {
      try {
        return sync.apply(i, chunk);
      } catch {
        return 'threw';
      }
    });
    expect(verdicts).toContain('reject_snapshot');
    expect([...store.range(Uint8Array.of(0), Uint8Array.of(0xff))]).toEqual([]);
    expect(app.info().height).toBe(0n);
    expect(sync.offer(snapshot, appHash)).toBe('accept');
    expect(sync.apply(0, whole)).toBe('accept');
    expect(app.info().appHash).toEqual(appHash);
  });
});

test('there is nothing to take before genesis', () => {
  expect(snapshotChunks(createMemoryStore())).toBeUndefined();
  expect(startEmpty().sync.list()).toEqual([]);
  expect(startEmpty().sync.load(1n, 1, 0)).toBeUndefined();
});
