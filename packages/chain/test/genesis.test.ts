import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { describe, expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import type { Genesis } from '../src/application.ts';
import { brokenInvariants } from '../src/invariants.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { CHAIN_ID, ENGINE_GENESIS, GENESIS_TIME, genesisOf } from './support/chain.ts';
import { FUNDED, mlGenesis } from './support/ml.ts';

const appState = () => genesisOf({ balances: FUNDED, ml: mlGenesis() });
const genesis = (state: unknown = appState()): Genesis => ({
  chainId: CHAIN_ID,
  timeMs: GENESIS_TIME,
  ...ENGINE_GENESIS,
  appState: state,
});
const block = {
  timeMs: GENESIS_TIME,
  proposer: new Uint8Array(20),
  lastCommit: [],
  misbehavior: [],
  txs: [],
};

/** The state with one value replaced, named by its path. */
function changed(path: string, value: unknown): unknown {
  const state: unknown = structuredClone(appState());
  const names = path.split('.');
  const last = names.pop() as string;
  let at = state as Record<string, unknown>;
  for (const name of names) at = at[name] as Record<string, unknown>;
  at[last] = value;
  return state;
}

test('the application hash of a genesis is always the same', () => {
  const hashes = [1, 2].map(() => {
    const store = createMemoryStore();
    const { appHash } = createApplication({ store }).initChain(genesis());
    expect(brokenInvariants(store)).toEqual([]);
    return toHex(appHash);
  });
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[0]).toHaveLength(64);
});

test('is written once; until the first block the same may come again', () => {
  const store = createMemoryStore();
  const app = createApplication({ store });
  expect(app.info().height).toBe(0n);
  expect(() => app.finalizeBlock({ ...block, height: 1n })).toThrow(/no genesis/);
  const { appHash } = app.initChain(genesis());
  expect(app.info()).toEqual({ height: 0n, appHash });
  const again = createApplication({ store });
  expect(again.initChain(genesis()).appHash).toEqual(appHash);
  expect(() => again.initChain(genesis(changed('bank.balances', [])))).toThrow(/holds a chain/);
  expect(() => again.commit()).toThrow(/no block/);
  expect(() => again.finalizeBlock({ ...block, height: 2n })).toThrow(/block 2 after 0/);
  again.finalizeBlock({ ...block, height: 1n });
  again.commit();
  expect(() => again.initChain(genesis())).toThrow(/holds a chain/);
});

test('a chain id that was asked for must be the one', () => {
  const store = createMemoryStore();
  const app = createApplication({ store, chainId: 'semblance-other-1' });
  expect(() => app.initChain(genesis())).toThrow(/is not semblance-other-1/);
  createApplication({ store }).initChain(genesis());
  expect(() => createApplication({ store, chainId: 'semblance-other-1' })).toThrow(/is not/);
});

const share = (text: string) => ({ min_signed_per_window: text });

describe('names the field that is wrong', () => {
  const wrong: [field: string | RegExp, state: unknown][] = [
    ['app_state', null],
    ['app_state.extra', { ...appState(), extra: 1 }],
    ['auth', changed('auth', undefined)],
    ['auth.params.bech32_prefix', changed('auth.params.bech32_prefix', 'SEM')],
    ['auth.params.min_gas_price_milli', changed('auth.params.min_gas_price_milli', '-1')],
    ['auth.params.min_gas_price_milli', changed('auth.params.min_gas_price_milli', 1)],
    ['bank.balances', changed('bank.balances', {})],
    ['bank.balances[0].address', changed('bank.balances.0.address', 'cosmos1xyz')],
    ['bank.balances[0].coins.amount', changed('bank.balances.0.coins.0.amount', '0')],
    ['bank.balances[0].coins[0].amount', changed('bank.balances.0.coins.0.amount', 5)],
    ['bank.balances[0].coins.denom', changed('bank.balances.0.coins.0.denom', '!')],
    ['bank.balances', changed('bank.balances.0.coins.0.amount', (2n ** 128n - 1n).toString())],
    ['staking.validators[0].operator', changed('staking.validators.0.operator', 'x')],
    [
      'staking.validators[0].consensus_pubkey',
      changed('staking.validators.0.consensus_pubkey', 'ab'),
    ],
    ['staking.validators[0]', changed('staking.validators.0.self_delegation', '0')],
    ['validators', changed('staking.validators.0.self_delegation', '11000000')],
    ['staking.params.max_entries', changed('staking.params', { max_entries: '0' })],
    ['slashing.params.min_signed_per_window', changed('slashing.params', share('1.1'))],
    ['gov.params.quorum', changed('gov.params', { quorum: '2' })],
    ['distribution.params.node_share', changed('distribution.params', { node_share: '0.99' })],
    ['ml.params', changed('ml.params.no_such_param', 1)],
    ['ml.params', changed('ml.params.jail_ms', 'soon')],
    ['ml.params.jail_ms', changed('ml.params.jail_ms', '0')],
    ['ml.params.miss_penalty_bp', changed('ml.params.miss_penalty_bp', 10_001)],
    ['ml.params.max_file_bytes', changed('ml.params.max_file_bytes', 2_000_000)],
    ['ml.params.min_node_stake', changed('ml.params.min_node_stake', '0')],
    ['ml.jobs', changed('ml.jobs', [{}])],
    ['ml.models[0].id', changed('ml.models.0.id', 'A B')],
    ['ml.models[0].limits.max_steps', changed('ml.models.0.limits.max_steps', 0)],
    ['ml.nodes[0].stake', changed('ml.nodes.0.stake', 'much')],
    ['ml.nodes[0].status', changed('ml.nodes.0.faults', '3')],
  ];
  test.each(wrong)('%s', (field, state) => {
    const app = createApplication({ store: createMemoryStore() });
    const error = caught(() => app.initChain(genesis(state)));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as InvalidInputError).details.field).toBe(field);
    expect(app.info().height).toBe(0n);
  });

  test('chain_id', () => {
    const app = createApplication({ store: createMemoryStore() });
    const error = caught(() => app.initChain({ ...genesis(), chainId: 'not a chain id' }));
    expect((error as InvalidInputError).details.field).toBe('chain_id');
  });

  function caught(act: () => unknown): unknown {
    try {
      act();
    } catch (error) {
      return error;
    }
    return undefined;
  }
});
