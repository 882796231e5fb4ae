import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApplication } from '@semblance/chain/app';
import type { Application, StateSync } from '@semblance/chain/application';
import { toBech32 } from '@semblance/core/bech32';
import { InvalidInputError } from '@semblance/core/errors';
import { expect, it, onTestFinished } from 'vitest';
import { SnapshotFiles } from '../src/snapshots/keeper.ts';
import { openDatabase, openEnvironment } from '../src/store/environment.ts';
import { LmdbStore } from '../src/store/lmdb-store.ts';
import { temporaryHome } from './fixtures/solo.ts';

/** Enough of them that a snapshot has several chunks. */
const HOLDERS = 14_000;

const GENESIS = {
  chainId: 'semblance-test-1',
  timeMs: 1_700_000_000_000n,
  block: { maxBytes: 1_000_000n, maxGas: -1n },
  validators: [],
  appState: {
    auth: { params: { bech32_prefix: 'sem', min_gas_price_milli: '1' } },
    bank: {
      balances: Array.from({ length: HOLDERS }, (_, n) => {
        const address = new Uint8Array(20);
        new DataView(address.buffer).setUint32(0, n * 100_003);
        return {
          address: toBech32('sem', address),
          coins: [{ denom: 'usem', amount: `${n + 1}` }],
        };
      }),
    },
    ml: {},
  },
};

/** The real application on a disk, with snapshots at every 100 blocks. */
function openNode(home = temporaryHome()) {
  const data = join(home, 'data');
  const environment = openEnvironment(data);
  const store = new LmdbStore(openDatabase(environment, 'state'));
  const snapshots = new SnapshotFiles({
    data,
    root: join(home, 'snapshots'),
    every: 100n,
    keep: 2,
    report: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    await snapshots.close();
    await environment.close();
  });
  return { home, store, snapshots, app: createApplication({ store, snapshots }) };
}

function advance(app: Application, height: bigint): void {
  for (let next = app.info().height + 1n; next <= height; next++) {
    app.finalizeBlock({
      height: next,
      timeMs: GENESIS.timeMs + next,
      proposer: new Uint8Array(20),
      txs: [],
      lastCommit: [],
      misbehavior: [],
    });
    app.commit();
  }
}

const syncOf = ({ stateSync }: Application): StateSync => {
  if (stateSync === undefined) throw new Error('no state sync');
  return stateSync;
};

it('makes snapshots beside the chain, which restore a fresh node', {
  timeout: 120_000,
}, async () => {
  const node = openNode();
  node.app.initChain(GENESIS);
  advance(node.app, 100n);
  const { appHash } = node.app.info();
  // Goes on at once: the snapshot is of the state at its height all the same.
  advance(node.app, 150n);
  await node.snapshots.close();
  const serving = syncOf(node.app);
  const [snapshot] = serving.list();
  if (snapshot === undefined) throw new Error('no snapshot');
  expect(snapshot).toMatchObject({ height: 100n, format: 1 });
  expect(snapshot.chunks).toBeGreaterThan(1);

  const fresh = openNode();
  const receiving = syncOf(fresh.app);
  expect(receiving.offer(snapshot, appHash)).toBe('accept');
  for (let n = 0; n < snapshot.chunks; n++) {
    const chunk = serving.load(100n, 1, n) as Uint8Array;
    const damaged = chunk.slice();
    damaged[n] = (damaged[n] as number) ^ 1;
    expect(receiving.apply(n, damaged)).toBe('retry');
    expect(receiving.apply(n, chunk)).toBe('accept');
  }
  expect(fresh.app.info()).toEqual({ height: 100n, appHash });
  advance(fresh.app, 200n);
  advance(node.app, 200n);
  expect(fresh.app.info()).toEqual(node.app.info());
  await Promise.all([fresh.snapshots.close(), node.snapshots.close()]);
  expect(receiving.list()[0]).toEqual(serving.list()[0]);
  expect(receiving.list()[0]?.height).toBe(200n);

  for (const [height, format, chunk] of [
    [99n, 1, 0],
    [100n, 2, 0],
    [100n, 1, -1],
    [100n, 1, 0.5],
    [100n, 1, snapshot.chunks],
  ] as const) {
    expect(serving.load(height, format, chunk)).toBeUndefined();
  }
});

it('keeps the newest, also over a restart, and removes what was not finished', async () => {
  const { home, app, snapshots } = openNode();
  app.initChain({ ...GENESIS, appState: { ...GENESIS.appState, bank: {} } });
  for (const height of [100n, 200n, 300n]) {
    advance(app, height);
    await snapshots.close();
  }
  const root = join(home, 'snapshots');
  mkdirSync(join(root, '400.unfinished'));
  writeFileSync(join(root, '400.unfinished', 'chunk-0'), 'half');
  mkdirSync(join(root, 'other'));
  const again = new SnapshotFiles({
    data: join(home, 'data'),
    root,
    every: 100n,
    keep: 2,
    report: () => {},
  });
  expect(again.list()).toEqual(snapshots.list());
  expect(again.list().map(({ height }) => height)).toEqual([300n, 200n]);
  expect(readdirSync(root).sort()).toEqual(['200', '300', 'other']);
});

it('says which setting is wrong', () => {
  const open = (every: bigint, keep: number) => () =>
    new SnapshotFiles({ data: '', root: '/nowhere', every, keep, report: () => {} });
  for (const wrong of [open(0n, 2), open(150n, 2), open(100n, 1), open(100n, 2.5)]) {
    expect(wrong).toThrow(InvalidInputError);
  }
});
