import { expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import { firstState } from '../src/first-state.ts';
import { EMPTY_READER } from '../src/store/empty-reader.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { Multistore } from '../src/store/multistore.ts';
import { CHAIN_ID, ENGINE_GENESIS, GENESIS_TIME, genesisOf } from './support/chain.ts';
import { FUNDED, mlGenesis } from './support/ml.ts';

const genesis = {
  chainId: CHAIN_ID,
  timeMs: GENESIS_TIME,
  ...ENGINE_GENESIS,
  appState: genesisOf({ balances: FUNDED, ml: mlGenesis() }),
};
const block = {
  height: 0n,
  timeMs: GENESIS_TIME,
  hash: new Uint8Array(32),
  proposer: new Uint8Array(20),
};

test('the trees that are built are those that a block of all its entries would make', () => {
  const { entries } = firstState(genesis, block);
  const changes = Array.from(entries, ([key, value]) => ({ key, value }));
  expect(changes.length).toBeGreaterThan(50);
  const { hash } = new Multistore(EMPTY_READER).prepare(0n, changes);
  const app = createApplication({ store: createMemoryStore() });
  expect(app.initChain(genesis).appHash).toEqual(hash);
});
