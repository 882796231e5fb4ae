import {
  MsgRegisterModelSchema,
  MsgRegisterNodeSchema,
  MsgUnjailNodeSchema,
  MsgUnregisterNodeSchema,
  MsgUpdateNodeSchema,
  NodeStatus,
} from '@semblance/proto/ml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../src/invariants.ts';
import { formatAddress } from '../src/modules/auth/address.ts';
import { MODULE_ACCOUNTS } from '../src/modules/auth/module-account.ts';
import { startChain, type TestChain } from './support/chain.ts';
import {
  encode,
  FUNDED,
  idOf,
  MODEL,
  mlGenesis,
  NODES,
  operatorOf,
  queryJob,
  queryNode,
  REQUESTER,
  request,
  STAKE,
  submitMessage,
  workOf,
} from './support/ml.ts';
import { picture } from './support/png.ts';
import { sendMessage } from './support/tx.ts';
import { type Wallet, wallet } from './support/wallet.ts';

const operator = wallet('operator 0');
const fresh = wallet('a new node');
const registration = {
  operator: operator.address,
  node: fresh.address,
  stake: '2000000',
  models: [MODEL],
  endpoint: 'http://127.0.0.1:9000',
  runtime: 'native fp32',
};

let chain: TestChain;
beforeEach(() => {
  chain = startChain({
    balances: FUNDED,
    ml: mlGenesis({ unbonding_ms: '100000', jail_ms: '50000' }),
  });
});
afterEach(() => expect(brokenInvariants(chain.store)).toEqual([]));

const register = (fields: Partial<typeof registration> = {}, from = operator) =>
  chain.deliver(from, [encode(MsgRegisterNodeSchema, { ...registration, ...fields })]);
const unregister = (node: string, from: Wallet) =>
  chain.deliver(from, [encode(MsgUnregisterNodeSchema, { operator: from.address, node })]);

describe('registration', () => {
  test('moves the stake and lists the node', () => {
    const before = chain.balance(operator.address);
    const result = register();
    expect(result).toMatchObject({ code: 0, log: '' });
    expect(result.events).toContainEqual({
      type: 'node_registered',
      attributes: [{ key: 'node', value: fresh.address }],
    });
    expect(chain.balance(operator.address)).toBe(before - 2_000_000n - 10_000n);
    expect(queryNode(chain.app, fresh.address)).toMatchObject({
      operator: operator.address,
      stake: '2000000',
      status: NodeStatus.ACTIVE,
    });
  });

  const wrong: [name: string, fields: Partial<typeof registration>, code: number, log: RegExp][] = [
    ['too little stake', { stake: '999999' }, 12, /^stake: 999999, at least 1000000/],
    ['a stake that is no number', { stake: '1.5' }, 2, /^stake: /],
    ['an unknown model', { models: ['other'] }, 4, /^models: /],
    ['no model', { models: [] }, 2, /^models: empty/],
    ['a model twice', { models: [MODEL, MODEL] }, 2, /^models: /],
    ['65 models', { models: Array.from({ length: 65 }, (_, i) => `m${i}`) }, 2, /^models: /],
    ['an address of no account', { node: 'sem1' }, 2, /^node: /],
    ['an endpoint of another kind', { endpoint: 'ftp://x' }, 2, /^endpoint: /],
    ['an endpoint with spaces', { endpoint: 'http://a b' }, 2, /^endpoint: /],
    ['a long endpoint', { endpoint: `http://${'x'.repeat(241)}` }, 2, /^endpoint: /],
    ['a label with control characters', { runtime: 'a\nb' }, 2, /^runtime: /],
    ['a long label', { runtime: 'x'.repeat(129) }, 2, /^runtime: /],
    ['a node that is there', { node: NODES[3]?.address ?? '' }, 5, /^node: /],
  ];
  test.each(wrong)('refuses %s', (_, fields, code, log) => {
    expect(register(fields)).toMatchObject({
      codespace: 'ml',
      code,
      log: expect.stringMatching(log) as string,
    });
  });
});

test('an update replaces what is served and adds to the stake; only the operator may', () => {
  const update = {
    operator: operator.address,
    node: NODES[0]?.address ?? '',
    addStake: '5',
    models: [MODEL],
    endpoint: '',
    runtime: 'other',
  };
  expect(chain.deliver(operator, [encode(MsgUpdateNodeSchema, update)]).log).toBe('');
  const stake = (STAKE + 5n).toString();
  expect(queryNode(chain.app, update.node)).toMatchObject({
    stake,
    endpoint: '',
    runtime: 'other',
  });
  const stranger = operatorOf(1);
  const theirs = { ...update, operator: stranger.address };
  expect(chain.deliver(stranger, [encode(MsgUpdateNodeSchema, theirs)])).toMatchObject({
    code: 13,
  });
  const unknown = { ...update, node: fresh.address };
  expect(chain.deliver(operator, [encode(MsgUpdateNodeSchema, unknown)])).toMatchObject({
    code: 6,
  });
});

test('a leaving node is not drawn, gets its stake back once, and may come again', () => {
  const [node] = NODES as [Wallet];
  expect(unregister(node.address, operatorOf(1))).toMatchObject({ code: 13 });
  expect(unregister(node.address, operator).log).toBe('');
  expect(unregister(node.address, operator)).toMatchObject({ code: 14 });
  expect(queryNode(chain.app, node.address).status).toBe(NodeStatus.LEAVING);
  for (let nonce = 0n; nonce < 5n; nonce++) {
    const job = request({ committeeSize: 5, nonce });
    chain.deliver(REQUESTER, [submitMessage(job)]);
    const drawn = queryJob(chain.app, idOf(job)).members.map((member) => member.node);
    expect(drawn).not.toContain(node.address);
  }
  const before = chain.balance(operator.address);
  chain.block([], 100_000n);
  expect(chain.balance(operator.address)).toBe(before + STAKE);
  expect(() => queryNode(chain.app, node.address)).toThrow(/NotFound/);
  chain.block([], 100_000n);
  expect(chain.balance(operator.address)).toBe(before + STAKE);
  expect(register({ node: node.address }).log).toBe('');
});

test('a stake stays until the duties that it answers for are over', () => {
  const job = request({ committeeSize: 1, deadlineMs: 3_000_000n });
  chain.deliver(REQUESTER, [submitMessage(job)]);
  const [member] = queryJob(chain.app, idOf(job)).members;
  const index = NODES.findIndex(({ address }) => address === member?.node);
  const node = NODES[index] as Wallet;
  expect(unregister(node.address, operatorOf(index)).log).toBe('');
  chain.block([], 100_000n);
  expect(queryNode(chain.app, node.address).openDuties).toBe(1);
  const { commit, reveal } = workOf(node, idOf(job), picture());
  chain.deliver(node, [commit]);
  chain.deliver(node, [reveal()]);
  expect(queryJob(chain.app, idOf(job)).members[0]?.payout).toBe('9000');
  chain.block([], 30_000n);
  expect(() => queryNode(chain.app, node.address)).toThrow(/NotFound/);
});

test('jail ends when the operator asks for it, not before its time', () => {
  const job = request({ committeeSize: 1 });
  chain.deliver(REQUESTER, [submitMessage(job)]);
  const [member] = queryJob(chain.app, idOf(job)).members;
  const index = NODES.findIndex(({ address }) => address === member?.node);
  const node = member?.node ?? '';
  const jailer = operatorOf(index);
  const unjail = () => {
    const message = encode(MsgUnjailNodeSchema, { operator: jailer.address, node });
    return chain.deliver(jailer, [message]);
  };
  expect(unjail()).toMatchObject({ code: 14 });
  chain.block([], 60_000n);
  expect(queryNode(chain.app, node).status).toBe(NodeStatus.JAILED);
  expect(unjail()).toMatchObject({
    code: 14,
    log: expect.stringMatching(/jailed until/) as string,
  });
  chain.block([], 50_000n);
  expect(unjail().log).toBe('');
  expect(queryNode(chain.app, node)).toMatchObject({ status: NodeStatus.ACTIVE, jailedUntil: 0n });
});

describe('models', () => {
  const model = {
    owner: operator.address,
    id: 'another-model',
    weightsRoot: new Uint8Array(32),
    profile: { hash: 'perceptual', thresholdBits: 6, committeeSizes: [3, 5, 7] },
    limits: {
      sizeMultiple: 8,
      minSize: 64,
      maxSize: 512,
      maxSteps: 50,
      schedulers: ['euler'],
      modes: ['upscale'],
    },
    minFee: '5',
  };
  const add = (fields: object) =>
    chain.deliver(operator, [encode(MsgRegisterModelSchema, { ...model, ...fields })]);

  test('are registered once', () => {
    expect(add({}).log).toBe('');
    expect(add({})).toMatchObject({ codespace: 'ml', code: 3 });
  });

  const { profile, limits } = model;
  const wrong: [name: string, fields: object, log: RegExp][] = [
    ['an id in capitals', { id: 'Model' }, /^id: /],
    ['an id of markup', { id: '<b>' }, /^id: /],
    ['a long id', { id: 'x'.repeat(65) }, /^id: /],
    ['a short root', { weightsRoot: new Uint8Array(31) }, /^weights_root: 31 bytes/],
    ['no profile', { profile: undefined }, /^profile: missing/],
    ['an unknown hash', { profile: { ...profile, hash: 'md5' } }, /^profile.hash: /],
    ['a threshold of all bits', { profile: { ...profile, thresholdBits: 64 } }, /^profile.thresh/],
    ['even committees', { profile: { ...profile, committeeSizes: [2] } }, /^profile.committee_/],
    ['descending committees', { profile: { ...profile, committeeSizes: [5, 3] } }, /^profile.comm/],
    ['no committees', { profile: { ...profile, committeeSizes: [] } }, /^profile.committee_sizes/],
    ['no limits', { limits: undefined }, /^limits: missing/],
    ['a grid of nothing', { limits: { ...limits, sizeMultiple: 0 } }, /^limits.size_multiple/],
    ['sizes off the grid', { limits: { ...limits, minSize: 63 } }, /^limits.min_size/],
    ['an empty range', { limits: { ...limits, maxSize: 56 } }, /^limits.max_size/],
    ['endless steps', { limits: { ...limits, maxSteps: 1001 } }, /^limits.max_steps/],
    ['no scheduler', { limits: { ...limits, schedulers: [] } }, /^limits.schedulers/],
    ['an unknown scheduler', { limits: { ...limits, schedulers: ['x'] } }, /^limits.schedulers/],
    ['no mode', { limits: { ...limits, modes: [] } }, /^limits.modes: empty/],
    [
      'an unknown mode',
      { limits: { ...limits, modes: ['video'] } },
      /^limits.modes: not among text/,
    ],
    ['a mode twice', { limits: { ...limits, modes: ['upscale', 'upscale'] } }, /^limits.modes/],
    ['a fee that is no number', { minFee: 'free' }, /^min_fee: /],
  ];
  test.each(wrong)('refuse %s', (_, fields, log) => {
    expect(add(fields)).toMatchObject({ code: 2, log: expect.stringMatching(log) as string });
  });
});

test('modules take no transfers', () => {
  for (const address of Object.values(MODULE_ACCOUNTS)) {
    const to = formatAddress({ bech32Prefix: 'sem' }, address);
    const result = chain.deliver(operator, [sendMessage(operator.address, to, 5n)]);
    expect(result).toMatchObject({ codespace: 'sdk', code: 4 });
  }
});
