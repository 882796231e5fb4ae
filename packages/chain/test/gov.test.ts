import { ProposalStatus, VoteOption } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { QueryParamsResponse } from 'cosmjs-types/cosmos/staking/v1beta1/query';
import { QueryCurrentPlanResponse } from 'cosmjs-types/cosmos/upgrade/v1beta1/query';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import type { DecidedBlock } from '../src/application.ts';
import { getChainParams } from '../src/chain-params.ts';
import type { Context } from '../src/context.ts';
import { UpgradeNeededError } from '../src/errors.ts';
import { brokenInvariants } from '../src/invariants.ts';
import { genesisValidator, PRODUCER, startChain, type TestChain } from './support/chain.ts';
import {
  cancelUpgrade,
  change,
  depositOn,
  queryProposal,
  submit,
  text,
  upgrade,
  voteOn,
} from './support/gov.ts';
import { createValidator, delegate, queryValidator, undelegate } from './support/staking.ts';
import { type Wallet, wallet } from './support/wallet.ts';

const SEM = 1_000_000n;
const DEPOSIT = 10n * SEM;
const PERIOD = 100_000n;
const {
  VOTE_OPTION_YES: YES,
  VOTE_OPTION_NO: NO,
  VOTE_OPTION_ABSTAIN: ABSTAIN,
  VOTE_OPTION_NO_WITH_VETO: VETO,
} = VoteOption;
const {
  PROPOSAL_STATUS_DEPOSIT_PERIOD: WAITING,
  PROPOSAL_STATUS_VOTING_PERIOD: VOTING,
  PROPOSAL_STATUS_PASSED: PASSED,
  PROPOSAL_STATUS_REJECTED: REJECTED,
  PROPOSAL_STATUS_FAILED: FAILED,
} = ProposalStatus;
const second = wallet('second validator');
const alice = wallet('alice');
const bob = wallet('bob');

let chain: TestChain;
beforeEach(() => {
  chain = startChain({
    balances: [second, alice, bob, PRODUCER].map((of) => ({ of, usem: 1000n * SEM })),
    // 40 and 60 of power; the votes of one alone make a quorum.
    staking: {
      validators: [genesisValidator(PRODUCER, 40n * SEM), genesisValidator(second, 60n * SEM)],
    },
    ml: { params: { miss_penalty_bp: 0 } },
    gov: {
      params: { deposit_period_ms: String(PERIOD), voting_period_ms: String(PERIOD) },
    },
    // Rewards would blur the amounts.
    distribution: { params: { community_tax: '1' } },
  });
});
afterEach(() => expect(brokenInvariants(chain.store)).toEqual([]));

const deliver = (who: Wallet, message: ReturnType<typeof text>) => chain.deliver(who, [message]);
const status = (id = 1n) => queryProposal(chain, id).status;

function propose(content: ReturnType<typeof text>, deposit = DEPOSIT): void {
  expect(deliver(alice, submit(alice, content, deposit)).log).toBe('');
}

function vote(who: Wallet, option: VoteOption, id = 1n): void {
  expect(deliver(who, voteOn(who, id, option)).log).toBe('');
}

/** Proposes, has both validators agree and waits for the end. */
function decide(content: ReturnType<typeof text>, id = 1n): void {
  propose(content);
  vote(PRODUCER, YES, id);
  vote(second, YES, id);
  chain.block([], PERIOD);
  expect(status(id)).toBe(PASSED);
}

describe('deposits', () => {
  test('open the voting together, and come back', () => {
    const before = chain.balance(alice.address);
    propose(text(), 4n * SEM);
    expect(status()).toBe(WAITING);
    expect(deliver(bob, voteOn(bob, 1n, YES))).toMatchObject({ code: 3, codespace: 'gov' });
    expect(deliver(bob, depositOn(bob, 1n, 6n * SEM)).code).toBe(0);
    expect(status()).toBe(VOTING);
    expect(queryProposal(chain, 1n).totalDeposit).toEqual([{ denom: 'usem', amount: '10000000' }]);
    expect(deliver(bob, depositOn(bob, 1n, SEM)).code).toBe(0);
    chain.block([], PERIOD);
    expect(status()).toBe(REJECTED);
    expect(chain.balance(alice.address)).toBe(before - 10_000n);
    expect(deliver(bob, depositOn(bob, 1n, SEM))).toMatchObject({ code: 3, codespace: 'gov' });
    expect(deliver(bob, depositOn(bob, 9n, SEM))).toMatchObject({ code: 2, codespace: 'gov' });
  });

  test('come back when there are too few in time', () => {
    const before = chain.balance(alice.address);
    propose(text(), 4n * SEM);
    chain.block([], PERIOD);
    expect(status()).toBe(REJECTED);
    expect(chain.balance(alice.address)).toBe(before - 10_000n);
  });

  test('are destroyed by a veto', () => {
    const before = chain.balance(alice.address);
    propose(text());
    vote(PRODUCER, VETO);
    vote(second, YES);
    chain.block([], PERIOD);
    expect(status()).toBe(REJECTED);
    expect(chain.balance(alice.address)).toBe(before - DEPOSIT - 10_000n);
    const { yes, noWithVeto } = queryProposal(chain, 1n).finalTallyResult;
    expect([yes, noWithVeto]).toEqual(['60000000', '40000000']);
  });
});

describe('the tally', () => {
  test.each<[string, VoteOption | undefined, VoteOption | undefined, ProposalStatus]>([
    ['yes above half', NO, YES, PASSED],
    ['yes below half', YES, NO, REJECTED],
    ['who abstains only makes the quorum', ABSTAIN, YES, PASSED],
    ['all abstain', ABSTAIN, ABSTAIN, REJECTED],
    ['a quorum by one', YES, undefined, PASSED],
    ['no quorum', undefined, undefined, REJECTED],
  ])('%s', (_name, first, other, expected) => {
    propose(text());
    if (first !== undefined) vote(PRODUCER, first);
    if (other !== undefined) vote(second, other);
    chain.block([], PERIOD);
    expect(status()).toBe(expected);
  });

  test('a delegator speaks for itself, else its validator does', () => {
    deliver(alice, delegate(alice, second, 30n * SEM));
    deliver(bob, delegate(bob, second, 10n * SEM));
    propose(text());
    vote(second, YES);
    vote(alice, NO);
    vote(alice, ABSTAIN);
    chain.block([], PERIOD);
    expect(queryProposal(chain, 1n).finalTallyResult).toEqual({
      yes: '70000000',
      abstain: '30000000',
      no: '0',
      noWithVeto: '0',
    });
  });

  test('only what is bonded at the end counts', () => {
    deliver(alice, delegate(alice, second, 30n * SEM));
    propose(text());
    vote(alice, YES);
    deliver(alice, undelegate(alice, second, 25n * SEM));
    chain.block([], PERIOD);
    expect(queryProposal(chain, 1n).finalTallyResult.yes).toBe('5000000');
    expect(status()).toBe(REJECTED);
  });

  test('takes no vote without stake, of no kind and after the end', () => {
    propose(text());
    expect(deliver(bob, voteOn(bob, 1n, YES))).toMatchObject({ code: 4, codespace: 'sdk' });
    expect(deliver(second, voteOn(second, 1n, 5 as number as VoteOption))).toMatchObject({
      code: 18,
      codespace: 'sdk',
    });
    chain.block([], PERIOD);
    expect(deliver(second, voteOn(second, 1n, YES))).toMatchObject({ code: 3, codespace: 'gov' });
  });
});

describe('a change of parameters', () => {
  test('holds from the next block on', () => {
    decide(change('staking', 'max_validators', '1'));
    const { value } = chain.app.query('/cosmos.staking.v1beta1.Query/Params', new Uint8Array());
    expect(QueryParamsResponse.decode(value).params.maxValidators).toBe(1);
    expect(chain.block([]).validatorUpdates).toMatchObject([{ power: 0n }]);
    expect(queryValidator(chain, PRODUCER).jailed).toBe(false);
    // A restarted application has them too.
    const again = createApplication({ store: chain.store });
    const params = again.query('/cosmos.staking.v1beta1.Query/Params', new Uint8Array());
    expect(params.value).toEqual(value);
  });

  test('reaches every module', () => {
    decide(change('auth', 'min_gas_price_milli', '2'));
    const cheap = chain.tx(alice, [delegate(alice, second, SEM)], { fee: 10_000n });
    expect(chain.app.checkTx(cheap)).toMatchObject({ code: 13 });
    const others = [
      change('slashing', 'signed_blocks_window', '77'),
      change('distribution', 'block_reward', '5'),
      change('gov', 'quorum', '0.4'),
      change('ml', 'miss_penalty_bp', 1),
      change('ml', 'jail_ms', '5'),
    ];
    for (const content of others) {
      const message = submit(alice, content, SEM);
      expect(chain.deliver(alice, [message], { fee: 20_000n }).log).toBe('');
    }
  });

  test('leaves the others as they are, zeros too', () => {
    const before = getChainParams(chain.store);
    expect(before?.ml.missPenaltyBp).toBe(0);
    decide(change('ml', 'jail_ms', '5'));
    const ml = { ...before?.ml, jailMs: 5n };
    expect(getChainParams(chain.store)).toEqual({ ...before, ml });
  });

  test.each([
    ['an unknown module', change('bank', 'x', '1')],
    ['an unknown parameter', change('staking', 'x', '1')],
    ['a value out of range', change('staking', 'max_validators', '0')],
    ['a value of another kind', change('staking', 'max_validators', true)],
    ['a prototype', change('staking', '__proto__', '1')],
    ['the coin', change('ml', 'bond_denom', 'uother')],
    ['the prefix', change('auth', 'bech32_prefix', 'other')],
    ['no title', text({ title: ' ' })],
    ['a title too long', text({ title: 'x'.repeat(141) })],
    ['an upgrade without a name', upgrade('', 100n)],
    ['an upgrade at no height', upgrade('v2', 0n)],
  ])('is refused at once: %s', (_name, content) => {
    const result = deliver(alice, submit(alice, content, DEPOSIT));
    expect(result).toMatchObject({ code: 18, codespace: 'sdk' });
  });

  test('is refused at once: another kind of content', () => {
    const content = { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value: new Uint8Array() };
    const result = deliver(alice, submit(alice, content, DEPOSIT));
    expect(result).toMatchObject({ code: 9, codespace: 'gov' });
  });
});

describe('an upgrade', () => {
  const PLAN = '/cosmos.upgrade.v1beta1.Query/CurrentPlan';
  const plan = () =>
    QueryCurrentPlanResponse.decode(chain.app.query(PLAN, new Uint8Array()).value).plan;

  test('stops the old release at its height; the new one goes on', () => {
    decide(upgrade('v2', 7n, 'https://example.org/v2'));
    expect(plan()).toMatchObject({ name: 'v2', height: 7n });
    while (chain.app.info().height < 6n) chain.block([]);
    expect(() => chain.block([])).toThrow(UpgradeNeededError);
    expect(() => chain.block([])).toThrow(/v2 is due at height 7.*example\.org/);
    expect(chain.app.info().height).toBe(6n);
    const heights: bigint[] = [];
    const upgrades = new Map([['v2', ({ block }: Context) => void heights.push(block.height)]]);
    const next = createApplication({ store: chain.store, upgrades });
    const { height, ...block } = chain.blocks.at(-1) as DecidedBlock;
    next.finalizeBlock({ ...block, height: height + 1n, txs: [] });
    next.commit();
    expect(heights).toEqual([7n]);
    const { value } = next.query(PLAN, new Uint8Array());
    expect(QueryCurrentPlanResponse.decode(value).plan).toBeUndefined();
  });

  test('can be cancelled', () => {
    decide(upgrade('v2', 1000n));
    decide(cancelUpgrade(), 2n);
    expect(plan()).toBeUndefined();
  });

  test('fails when its height has passed by the end of the vote', () => {
    propose(upgrade('v2', 4n));
    vote(PRODUCER, YES);
    vote(second, YES);
    chain.block([], PERIOD);
    expect(status()).toBe(FAILED);
    expect(plan()).toBeUndefined();
    chain.block([]);
  });
});

test('a validator that joins while votes come in has its say', () => {
  propose(text());
  deliver(bob, createValidator(bob, 200n * SEM));
  vote(bob, NO);
  vote(PRODUCER, YES);
  vote(second, YES);
  chain.block([], PERIOD);
  expect(status()).toBe(REJECTED);
});
