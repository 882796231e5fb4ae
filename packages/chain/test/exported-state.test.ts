import { InvalidInputError } from '@semblance/core/errors';
import { JobPhase, Verdict } from '@semblance/proto/ml';
import { describe, expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import type { Genesis } from '../src/application.ts';
import { exportState, type RecordJson } from '../src/exported-state.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { startChain } from './support/chain.ts';
import { genesisAfter } from './support/export.ts';
import {
  FUNDED,
  idOf,
  mlGenesis,
  NODES,
  queryJob,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from './support/ml.ts';
import { picture } from './support/png.ts';
import { signedTx } from './support/tx.ts';

/** A chain that stands at height 7 with a job that waits for its commitments. */
function startBusyChain() {
  const chain = startChain({ balances: FUNDED, ml: mlGenesis() });
  const job = request({ deadlineMs: 60_000n });
  chain.deliver(REQUESTER, [submitMessage(job)]);
  while (chain.app.info().height < 7n) chain.block([]);
  return { chain, id: idOf(job) };
}

const { chain, id } = startBusyChain();
const exported = exportState(chain.store);
const genesis = genesisAfter(chain, exported);

test('is refused before there is a state', () => {
  expect(() => exportState(createMemoryStore())).toThrow(/no state yet/);
});

test('leaves out what the genesis says itself', () => {
  const names = exported.stores.params?.map(([key]) =>
    Buffer.from(key, 'base64').subarray(1).toString(),
  );
  expect(names).toContain('bech32_prefix');
  expect(names).not.toContain('chain_id');
});

test('a job that was open settles on the new chain, under another id of the chain', () => {
  const store = createMemoryStore();
  const chainId = 'semblance-test-2';
  const app = createApplication({ store, chainId });
  const { validators } = app.initChain({ ...genesis, chainId });
  expect(validators).toMatchObject(genesis.validators);
  expect(exportState(store)).toEqual(exported);
  const { members } = queryJob(app, id);
  expect(members).toHaveLength(3);

  let height = 7n;
  let timeMs = genesis.timeMs;
  const run = (txs: readonly Uint8Array[]) => {
    height += 1n;
    timeMs += 1000n;
    const block = { height, timeMs, proposer: new Uint8Array(20) };
    const result = app.finalizeBlock({ ...block, lastCommit: [], misbehavior: [], txs });
    app.commit();
    return result.txResults.map(({ code, log }) => [code, log]);
  };
  const works = NODES.filter(({ address }) => members.some(({ node }) => node === address)).map(
    (node) => ({ node, work: workOf(node, id, picture(0)) }),
  );
  const ok = works.map(() => [0, '']);
  const tx = (sequence: bigint, of: 'commit' | 'reveal') =>
    works.map(({ node, work }) => {
      const { accountNumber } = chain.account(node.address);
      const signers = [{ wallet: node, accountNumber, sequence }];
      return signedTx([of === 'commit' ? work.commit : work.reveal()], signers, { chainId });
    });
  expect(run(tx(0n, 'commit'))).toEqual(ok);
  expect(app.info().height).toBe(8n);
  expect(run(tx(1n, 'reveal'))).toEqual(ok);
  const settled = queryJob(app, id);
  expect(settled).toMatchObject({ phase: JobPhase.SETTLED, verdict: Verdict.AGREED });
  expect(createApplication({ store }).info().height).toBe(9n);
});

test('may be written again until the first block, and is the height before until then', () => {
  const store = createMemoryStore();
  const { appHash } = createApplication({ store }).initChain(genesis);
  const again = createApplication({ store });
  expect(again.info()).toEqual({ height: 0n, appHash });
  expect(again.initChain(genesis).appHash).toEqual(appHash);
  const block = { timeMs: genesis.timeMs, proposer: new Uint8Array(20) };
  const decided = { ...block, lastCommit: [], misbehavior: [], txs: [] };
  expect(() => again.finalizeBlock({ ...decided, height: 1n })).toThrow(/block 1 after 7/);
  again.finalizeBlock({ ...decided, height: 8n });
  again.commit();
  expect(() => again.initChain(genesis)).toThrow(/holds a chain/);
  expect(createApplication({ store }).info()).toEqual(again.info());
});

test('several validators must be those of the state, the embedded one need not', () => {
  const [validator] = genesis.validators as [Genesis['validators'][number]];
  const other = { publicKey: new Uint8Array(32).fill(1), power: 5n };
  expect(fieldOf({ ...genesis, validators: [validator, other] })).toBe('validators');
  expect(fieldOf({ ...genesis, validators: [] })).toBe('validators');
  expect(fieldOf({ ...genesis, validators: [other] })).toBeUndefined();
});

describe('names the field that is wrong', () => {
  const put = (change: object) => ({ ...genesis, appState: { ...exported, ...change } });
  const store = (name: string, change: (records: RecordJson[]) => unknown) =>
    put({ stores: { ...exported.stores, [name]: change([...(exported.stores[name] ?? [])]) } });
  const first = (name: string) => exported.stores[name]?.[0] as RecordJson;
  const base64 = (...bytes: number[]) => Buffer.from(bytes).toString('base64');
  /** Without the records of a kind. */
  const without = (name: string, prefix: number) =>
    store(name, (records) => records.filter(([key]) => Buffer.from(key, 'base64')[0] !== prefix));
  /** With the first record of a kind broken. */
  const garbled = (name: string, prefix: number) =>
    store(name, (records) => {
      const at = records.findIndex(([key]) => Buffer.from(key, 'base64')[0] === prefix);
      return records.with(at, [(records[at] as RecordJson)[0], base64(0xff)]);
    });
  const wrong: [field: string, genesis: Genesis][] = [
    ['app_state.format', put({ format: 'semblance-state-0' })],
    ['app_state.extra', put({ extra: 1 })],
    ['app_state.height', put({ height: 7 })],
    ['app_state.height', put({ height: '-1' })],
    ['app_state.height', put({ height: '9007199254740991' })],
    ['initial_height', put({ height: '8' })],
    ['initial_height', { ...genesis, initialHeight: 1n }],
    ['app_state.time_ms', put({ time_ms: '' })],
    ['genesis_time', { ...genesis, timeMs: genesis.timeMs - 1n }],
    ['app_state.stores', put({ stores: [] })],
    ['app_state.stores.mint', put({ stores: { ...exported.stores, mint: [] } })],
    ['app_state.stores.ml', store('ml', () => 'x')],
    ['app_state.stores.ml[0]', store('ml', () => [null])],
    ['app_state.stores.ml[0]', store('ml', () => [[first('ml')[0]]])],
    ['app_state.stores.ml[0]', store('ml', () => [[...first('ml'), '']])],
    ['app_state.stores.ml[0]', store('ml', () => [['*', '']])],
    ['app_state.stores.ml[0]', store('ml', () => [[`${first('ml')[0]}\n`, '']])],
    ['app_state.stores.ml[0]', store('ml', () => [['', '']])],
    ['app_state.stores.ml[0]', store('ml', () => [[base64(...Array(256).fill(0x40)), '']])],
    ['app_state.stores.ml[0]', store('ml', () => [[base64(0x3f), '']])],
    ['app_state.stores.ml[0]', store('ml', () => [[base64(0x4f), '']])],
    ['app_state.stores.ml[1]', store('ml', ([one]) => [one, one])],
    ['app_state.stores.ml[1]', store('ml', (records) => records.toReversed())],
    ['app_state.stores.params[0]', store('params', () => [[base64(0), '']])],
    [
      'app_state.stores.params[0]',
      store('params', () => [[Buffer.from('\x01chain_id').toString('base64'), '']]),
    ],
    ['app_state.stores.params', store('params', () => [])],
    ['app_state.stores.params', garbled('params', 0x01)],
    ['app_state.stores', garbled('acc', 0x10)],
    ['app_state.stores', garbled('ml', 0x40)],
    ['app_state.stores', garbled('ml', 0x41)],
    ['app_state.stores', garbled('ml', 0x42)],
    ['app_state.stores', garbled('staking', 0x50)],
    ['app_state.stores', garbled('distribution', 0x60)],
    ['app_state.stores', garbled('bank', 0x20)],
    ['app_state.stores', without('bank', 0x20)],
    ['app_state.stores', without('ml', 0x47)],
    ['app_state.stores', without('staking', 0x50)],
    ['app_state.stores', without('staking', 0x53)],
    ['app_state.stores', without('acc', 0x10)],
  ];
  test.each(wrong)('%s', (field, genesis) => {
    expect(fieldOf(genesis)).toBe(field);
  });

  test('initial_height of a new chain', () => {
    expect(fieldOf({ ...chain.genesis, initialHeight: 2n })).toBe('initial_height');
  });
});

/** The field for which a genesis is refused; undefined if it is not. */
function fieldOf(genesis: Genesis): string | undefined {
  const store = createMemoryStore();
  try {
    createApplication({ store }).initChain(genesis);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    expect([...store.range(Uint8Array.of(0), Uint8Array.of(0xff))]).toEqual([]);
    return error.details.field;
  }
}
