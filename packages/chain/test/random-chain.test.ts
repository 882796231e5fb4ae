import { toHex } from '@semblance/core/bytes';
import {
  JobPhase,
  type JobRequest,
  MsgRegisterNodeSchema,
  MsgUnjailNodeSchema,
  MsgUnregisterNodeSchema,
} from '@semblance/proto/ml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import { CountedStore } from '../src/census.ts';
import { exportState } from '../src/exported-state.ts';
import { brokenInvariants } from '../src/invariants.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { consensusKeyOf, PRODUCER, startChain, type TestChain } from './support/chain.ts';
import { consensusAddress } from './support/engine.ts';
import { genesisAfter } from './support/export.ts';
import { change, depositOn, submit, voteOn } from './support/gov.ts';
import {
  commitMessage,
  encode,
  FUNDED,
  fileRequest,
  filesOf,
  idOf,
  MODEL,
  mlGenesis,
  NODES,
  operatorOf,
  queryJob,
  REQUESTER,
  request,
  someCommitment,
  submitMessage,
  workOf,
} from './support/ml.ts';
import { otherPicture, picture } from './support/png.ts';
import {
  cancelUnbonding,
  createValidator,
  delegate,
  delegated,
  redelegate,
  unbondingEntries,
  undelegate,
  unjailValidator,
  withdrawCommission,
  withdrawReward,
} from './support/staking.ts';
import { type EncodedMessage, sendMessage } from './support/tx.ts';
import type { Wallet } from './support/wallet.ts';

/*
 * Random lives of a chain: valid and invalid transactions, time jumps, idle and cheating nodes.
 * After every block all invariants hold, and a replay on a fresh store gives the same hashes.
 */

const FILES = [picture(0), picture(1), otherPicture(), new Uint8Array(40).fill(9)];

/** Every action picks its subjects by numbers, which wrap around what there is. */
type Action =
  | {
      readonly kind: 'submit';
      readonly size: number;
      readonly fee: bigint;
      readonly deadlineMs: bigint;
    }
  | {
      readonly kind: 'commit' | 'recommit';
      readonly node: number;
      readonly job: number;
      readonly file: number;
    }
  | {
      readonly kind: 'reveal' | 'garbage';
      readonly node: number;
      readonly job: number;
      readonly file: number;
    }
  | { readonly kind: 'diligence'; readonly job: number; readonly file: number }
  | { readonly kind: 'send'; readonly node: number; readonly amount: bigint }
  | { readonly kind: 'leave' | 'unjail' | 'return'; readonly node: number }
  | ({ readonly kind: 'stake' } & Stake)
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

const STAKE_VERBS = [
  'create',
  'delegate',
  'undelegate',
  'redelegate',
  'cancel',
  'unjail',
  'withdraw',
  'commission',
  'propose',
  'deposit',
  'vote',
] as const;

interface Stake {
  readonly verb: (typeof STAKE_VERBS)[number];
  readonly who: number;
  readonly validator: number;
  readonly to: number;
  readonly amount: bigint;
}

const OPERATORS = [PRODUCER, operatorOf(0), operatorOf(1), operatorOf(2)];
const DELEGATORS = [REQUESTER, PRODUCER, operatorOf(0), NODES[0] as Wallet];

const small = fc.nat(11);
const stake = fc.record({
  kind: fc.constant('stake' as const),
  verb: fc.constantFrom(...STAKE_VERBS),
  who: small,
  validator: small,
  to: small,
  amount: fc.constantFrom(1n, 999_999n, 3_000_001n, 20_000_000n),
});
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      size: fc.constantFrom(1, 2, 3, 5),
      fee: fc.constantFrom(999n, 1000n, 10_001n, 10n ** 13n),
      deadlineMs: fc.constantFrom(5000n, 60_000n),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('diligence' as const), job: small, file: small }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('commit' as const, 'recommit' as const),
      node: small,
      job: small,
      file: small,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('reveal' as const, 'garbage' as const),
      node: small,
      job: small,
      file: small,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      node: small,
      amount: fc.constantFrom(0n, 1n, 500_000_000n, 10n ** 12n),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('leave' as const, 'unjail' as const, 'return' as const),
      node: small,
    }),
  },
  { weight: 6, arbitrary: stake },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      bytes: fc.uint8Array({ maxLength: 60 }),
    }),
  },
);
const blockOf = (actions: fc.Arbitrary<Action[]>) =>
  fc.record({
    actions,
    afterMs: fc.constantFrom(0n, 500n, 5000n, 31_000n, 61_000n),
    absent: fc.subarray([0, 1, 2, 3]),
    cheat: fc.option(fc.record({ validator: fc.nat(3), ago: fc.bigInt(1n, 3n) }), { freq: 12 }),
  });

/** What the engine says with a block: who did not vote, and who voted twice. */
function said(chain: TestChain, { absent, cheat }: { absent: number[]; cheat: Cheat | null }) {
  const address = (index: number) => consensusAddress(consensusKeyOf(pick(OPERATORS, index)));
  const missing = absent.map((index) => toHex(address(index)));
  const height = chain.app.info().height - (cheat?.ago ?? 0n);
  const accused = cheat !== null && height > 0n ? [address(cheat.validator)] : [];
  return {
    isSigned: (one: Uint8Array) => !missing.includes(toHex(one)),
    misbehavior: accused.map((one) => ({
      kind: 'duplicate_vote' as const,
      validator: { address: one, power: 10n },
      height,
      timeMs: chain.now(),
      totalPower: 20n,
    })),
  };
}

interface Cheat {
  readonly validator: number;
  readonly ago: bigint;
}

type Intent = readonly [who: Wallet, message: EncodedMessage];

/** What an action means on this chain now: messages with their signers. */
function intents(chain: TestChain, jobs: readonly Uint8Array[], action: Action): Intent[] {
  switch (action.kind) {
    case 'submit': {
      const { job, files } = jobOf(action, jobs.length);
      return [[REQUESTER, submitMessage(job, files)]];
    }
    case 'send': {
      const node = pick(NODES, action.node);
      return [[node, sendMessage(node.address, REQUESTER.address, action.amount)]];
    }
    case 'leave':
    case 'unjail': {
      const index = action.node % NODES.length;
      const operator = operatorOf(index);
      const fields = { operator: operator.address, node: pick(NODES, index).address };
      const schema = action.kind === 'leave' ? MsgUnregisterNodeSchema : MsgUnjailNodeSchema;
      return [[operator, encode(schema, fields)]];
    }
    case 'return': {
      const index = action.node % NODES.length;
      const operator = operatorOf(index);
      const node = pick(NODES, index).address;
      const fields = { operator: operator.address, node, stake: '1000000', models: [MODEL] };
      return [[operator, encode(MsgRegisterNodeSchema, fields)]];
    }
    case 'stake':
      return staking(chain, action);
    case 'bytes':
      return [];
    case 'commit':
    case 'recommit':
    case 'reveal':
    case 'garbage':
    case 'diligence':
      return jobs.length === 0 ? [] : work(chain, pick(jobs, action.job), action);
  }
}

function staking(chain: TestChain, { verb, amount, ...picked }: Stake): Intent[] {
  const to = pick(OPERATORS, picked.to);
  const pairs = DELEGATORS.flatMap((who) => OPERATORS.map((operator) => ({ who, operator })));
  const known = pairs.filter(({ who, operator }) => isKnown(chain, who, operator, verb));
  const index = picked.who * OPERATORS.length + picked.validator;
  const { who, operator } = pick(known.length === 0 ? pairs : known, index);
  switch (verb) {
    case 'create':
      return [[operator, createValidator(operator, amount)]];
    case 'delegate':
      return [[who, delegate(who, operator, amount)]];
    case 'undelegate':
      return [[who, undelegate(who, operator, amount)]];
    case 'redelegate':
      return [[who, redelegate(who, operator, to, amount)]];
    case 'cancel': {
      const [entry] = unbondingEntries(chain, who, operator);
      const there = BigInt(entry?.balance ?? '1');
      const part = amount < there ? amount : there;
      return [[who, cancelUnbonding(who, operator, part, entry?.creationHeight ?? 1n)]];
    }
    case 'unjail':
      return [[operator, unjailValidator(operator)]];
    case 'withdraw':
      return [[who, withdrawReward(who, operator)]];
    case 'commission':
      return [[operator, withdrawCommission(operator)]];
    case 'propose': {
      const content = change('staking', 'max_validators', String(1 + (picked.to % 4)));
      return [[who, submit(who, content, amount)]];
    }
    case 'deposit':
      return [[who, depositOn(who, BigInt(picked.to), amount)]];
    case 'vote':
      return [[who, voteOn(who, BigInt(picked.to), 1 + (picked.validator % 4))]];
  }
}

/** Whether there is something that an action can act on. */
function isKnown(chain: TestChain, who: Wallet, operator: Wallet, verb: Stake['verb']): boolean {
  if (verb === 'cancel') return unbondingEntries(chain, who, operator).length > 0;
  const needsOne = verb === 'undelegate' || verb === 'redelegate' || verb === 'withdraw';
  return needsOne && delegated(chain, who, operator) > 0n;
}

function work(
  chain: TestChain,
  id: Uint8Array,
  action: Extract<Action, { readonly file: number }>,
): Intent[] {
  const job = queryJob(chain.app, id);
  const file = pick(FILES, action.file);
  const members = NODES.filter(({ address }) => job.members.some(({ node }) => node === address));
  if (action.kind === 'diligence') {
    return members.map((node) => {
      const { commit, reveal } = workOf(node, id, file);
      return [node, job.phase === JobPhase.COMMIT ? commit : reveal()];
    });
  }
  const node = pick(members.length === 0 ? NODES : members, action.node);
  const { commit, reveal } = workOf(node, id, file);
  if (action.kind === 'commit') return [[node, commit]];
  if (action.kind === 'reveal') return [[node, reveal()]];
  if (action.kind === 'garbage') return [[node, reveal({ file: new Uint8Array(9) })]];
  return [[node, commitMessage(node.address, id, someCommitment(`${action.file}`))]];
}

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T;

type Block = ReturnType<typeof blockOf> extends fc.Arbitrary<infer B> ? B : never;

/**
 * Lives a life, and a part of it again on a chain that goes on from an export `moveAt`. Returns what
 * became of jobs, what transactions did and what blocks did.
 */
function live(
  blocks: readonly Block[],
  moveAt: number,
): { verdicts: string[]; done: string[]; ended: string[] } {
  const store = new CountedStore(createMemoryStore());
  const chain = startChain({
    store,
    balances: [...FUNDED, { of: PRODUCER, usem: 1_000_000_000n }],
    ml: mlGenesis({ unbonding_ms: '40000', jail_ms: '30000', job_retention_ms: '120000' }),
    staking: { params: { unbonding_ms: '90000', max_validators: '3' } },
    slashing: {
      params: {
        signed_blocks_window: '5',
        downtime_jail_ms: '30000',
        slash_fraction_double_sign: '0.333333333333333333',
        slash_fraction_downtime: '0.07',
      },
    },
    gov: {
      params: {
        min_deposit: '3000000',
        deposit_period_ms: '30000',
        voting_period_ms: '30000',
        quorum: '0.05',
        threshold: '0.25',
      },
    },
    distribution: { params: { node_share: '0.1', block_reward: '1000001' } },
  });
  const verdicts: string[] = [];
  const done: string[] = [];
  const ended: string[] = [];
  const hashes: string[] = [];
  const jobs: Uint8Array[] = [];
  for (const { actions, afterMs, ...engine } of blocks) {
    const { txs, submitted } = transactions(chain, jobs, actions);
    const result = chain.block(txs, afterMs, said(chain, engine));
    hashes.push(toHex(result.appHash));
    expect(brokenInvariants(chain.store)).toEqual([]);
    expect(store.census).toEqual(new CountedStore(store).census);
    for (const { code, codespace, log, events } of result.txResults) {
      expect(`${codespace} ${code} ${log}`).not.toContain('sdk 111222');
      if (code === 0) done.push(...events.map(({ type }) => type));
    }
    jobs.push(...submitted);
    removePruned(chain, jobs);
    for (const { type, attributes } of result.events) {
      if (type === 'job_settled') verdicts.push(attributes[1]?.value ?? '');
      else ended.push(type === 'slash' ? `slash: ${attributes[2]?.value}` : type);
    }
  }
  expect(replay(chain)).toEqual(hashes);
  move(chain, moveAt % (chain.blocks.length + 1));
  return { verdicts, done, ended };
}

/** Time enough on a machine that has other things to do. */
const PATIENCE = { timeout: 300_000 };

const moment = fc.nat(40);

test('invariants hold after every block and a replay gives the same hashes', PATIENCE, () => {
  const seen = new Set<string>();
  const block = blockOf(fc.array(action, { maxLength: 8 }));
  fc.assert(
    fc.property(fc.array(block, { minLength: 5, maxLength: 25 }), moment, (blocks, at) => {
      for (const verdict of live(blocks, at).verdicts) seen.add(verdict);
    }),
    { numRuns: 30, seed: 7 },
  );
  expect([...seen].sort()).toEqual(['agreed', 'late', 'no_majority', 'no_nodes', 'withheld']);
});

test('they hold when stakes move, are slashed and come back', PATIENCE, () => {
  const seen = new Set<string>();
  const stakes = blockOf(fc.array(stake, { minLength: 2, maxLength: 6 }));
  fc.assert(
    fc.property(fc.array(stakes, { minLength: 25, maxLength: 40 }), moment, (blocks, at) => {
      const { done, ended } = live(blocks, at);
      for (const type of [...done, ...ended]) seen.add(type);
    }),
    { numRuns: 15, seed: 7 },
  );
  const messages = ['create_validator', 'delegate', 'unbond', 'redelegate', 'withdraw_rewards'];
  const rare = ['cancel_unbonding_delegation', 'withdraw_commission', 'complete_unbonding'];
  const votes = ['proposal_vote', 'proposal_deposit', 'active_proposal', 'inactive_proposal'];
  const slashes = ['slash: missing_signature', 'slash: double_sign'];
  expect([...seen]).toEqual(expect.arrayContaining([...messages, ...rare, ...votes, ...slashes]));
});

/** Signs the actions of a block, counting each signer's sequence on. */
function transactions(
  chain: TestChain,
  jobs: readonly Uint8Array[],
  actions: readonly Action[],
): { txs: Uint8Array[]; submitted: Uint8Array[] } {
  const ahead = new Map<string, bigint>();
  const txs: Uint8Array[] = [];
  for (const action of actions) {
    if (action.kind === 'bytes') txs.push(action.bytes);
    for (const [who, message] of intents(chain, jobs, action)) {
      const before = ahead.get(who.address) ?? 0n;
      const tx = chain.tx(who, [message], { gas: 300_000n }, before);
      // A message that is refused before the fee leaves the sequence, and what follows fails too.
      ahead.set(who.address, before + 1n);
      txs.push(tx);
    }
  }
  const submitted = actions.flatMap((action) =>
    action.kind === 'submit' ? [idOf(jobOf(action, jobs.length).job)] : [],
  );
  return { txs, submitted };
}

/** Every third job begins from files. */
function jobOf(
  { size, fee, deadlineMs }: Extract<Action, { kind: 'submit' }>,
  count: number,
): { job: JobRequest; files: Uint8Array[] } {
  const fields = {
    committeeSize: size,
    fee: fee.toString(),
    deadlineMs,
    nonce: BigInt(count % 40),
  };
  if (count % 3 !== 2) return { job: request(fields), files: [] };
  return { job: Object.assign(fileRequest('inpaint'), fields), files: filesOf('inpaint') };
}

/** Forgets jobs that the chain has not, or no longer, so that actions find real ones. */
function removePruned(chain: TestChain, jobs: Uint8Array[]): void {
  const known = jobs.filter((id) => {
    try {
      return queryJob(chain.app, id);
    } catch {
      return false;
    }
  });
  jobs.splice(0, jobs.length, ...known);
}

function replay(chain: TestChain): string[] {
  const app = createApplication({ store: createMemoryStore() });
  app.initChain(chain.genesis);
  return chain.blocks.map((block) => {
    const { appHash } = app.finalizeBlock(block);
    app.commit();
    return toHex(appHash);
  });
}

/** A chain that begins with the state after some block: it must come to what the first came to. */
function move(chain: TestChain, at: number): void {
  const [before, after] = [chain.blocks.slice(0, at), chain.blocks.slice(at)];
  const first = createMemoryStore();
  const original = createApplication({ store: first });
  original.initChain(chain.genesis);
  for (const block of before) {
    original.finalizeBlock(block);
    original.commit();
  }
  const exported = exportState(first);
  const second = createMemoryStore();
  const moved = createApplication({ store: second });
  const { validators } = moved.initChain(genesisAfter(chain, exported));
  expect(moved.info().height).toBe(0n);
  expect(exportState(second)).toEqual(exported);
  expect(validators).not.toEqual([]);
  for (const block of after) {
    const { txResults, events, validatorUpdates } = original.finalizeBlock(block);
    expect(moved.finalizeBlock(block)).toMatchObject({ txResults, events, validatorUpdates });
    original.commit();
    moved.commit();
  }
  expect(exportState(second)).toEqual(exportState(chain.store));
}

test('executing a block again before its commit changes nothing', () => {
  const chain = startChain({ balances: FUNDED, ml: mlGenesis() });
  const txs = [chain.tx(REQUESTER, [submitMessage(request())])];
  const decided = {
    height: 1n,
    timeMs: chain.now() + 1n,
    proposer: new Uint8Array(20),
    lastCommit: [],
    misbehavior: [],
    txs,
  };
  const first = chain.app.finalizeBlock(decided);
  chain.app.checkTx(txs[0] as Uint8Array);
  expect(chain.app.info().height).toBe(0n);
  const second = chain.app.finalizeBlock(decided);
  expect(second).toEqual(first);
  chain.app.commit();
  expect(chain.app.info()).toEqual({ height: 1n, appHash: first.appHash });
});
