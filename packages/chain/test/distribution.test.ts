import {
  QueryCommunityPoolResponse,
  QueryDelegationRewardsRequest,
  QueryDelegationRewardsResponse,
  QueryValidatorCommissionRequest,
  QueryValidatorCommissionResponse,
  QueryValidatorSlashesRequest,
  QueryValidatorSlashesResponse,
} from 'cosmjs-types/cosmos/distribution/v1beta1/query';
import { MsgFundCommunityPool } from 'cosmjs-types/cosmos/distribution/v1beta1/tx';
import { afterEach, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../src/invariants.ts';
import { formatAddress } from '../src/modules/auth/address.ts';
import { MODULE_ACCOUNTS } from '../src/modules/auth/module-account.ts';
import type { DistributionParamsJson } from '../src/modules/distribution/params.ts';
import {
  consensusKeyOf,
  genesisValidator,
  PRODUCER,
  startChain,
  type TestChain,
} from './support/chain.ts';
import { consensusAddress } from './support/engine.ts';
import {
  delegate,
  setWithdrawAddress,
  undelegate,
  valoper,
  withdrawCommission,
  withdrawReward,
} from './support/staking.ts';
import { type Wallet, wallet } from './support/wallet.ts';

const SEM = 1_000_000n;
const second = wallet('second validator');
const alice = wallet('alice');
const bob = wallet('bob');
const WHOLE = 10n ** 18n;

let chain: TestChain;
afterEach(() => expect(brokenInvariants(chain.store)).toEqual([]));

/** Two validators, of a quarter and three quarters of the power, the first with a commission. */
function start(params: DistributionParamsJson, rate = '0'): void {
  const commission = { rate, max_rate: rate, max_change_rate: '0' };
  chain = startChain({
    balances: [second, alice, bob, PRODUCER].map((of) => ({ of, usem: 1000n * SEM })),
    staking: {
      validators: [
        { ...genesisValidator(PRODUCER), commission },
        genesisValidator(second, 30n * SEM),
      ],
    },
    distribution: { params },
  });
}

const pool = () => {
  const { value } = chain.app.query(
    '/cosmos.distribution.v1beta1.Query/CommunityPool',
    new Uint8Array(),
  );
  return BigInt(QueryCommunityPoolResponse.decode(value).pool[0]?.amount ?? '0');
};

/** In 18th parts of a base unit. */
function pending(who: Wallet, validator: Wallet): bigint {
  const fields = { delegatorAddress: who.address, validatorAddress: valoper(validator) };
  const request = QueryDelegationRewardsRequest.encode(fields).finish();
  const path = '/cosmos.distribution.v1beta1.Query/DelegationRewards';
  const { value } = chain.app.query(path, request);
  return BigInt(QueryDelegationRewardsResponse.decode(value).rewards[0]?.amount ?? '0');
}

function commission(validator: Wallet): bigint {
  const request = QueryValidatorCommissionRequest.encode({ validatorAddress: valoper(validator) });
  const path = '/cosmos.distribution.v1beta1.Query/ValidatorCommission';
  const { value } = chain.app.query(path, request.finish());
  const { commission } = QueryValidatorCommissionResponse.decode(value);
  return BigInt(commission.commission[0]?.amount ?? '0');
}

/** For a fee of 10,000. */
const deliver = (who: Wallet, message: ReturnType<typeof delegate>) =>
  chain.deliver(who, [message]);

describe('a block', () => {
  test('is split by the parameters, then by voting power', () => {
    start({ block_reward: '1000', community_tax: '0.1', node_share: '0.2' });
    chain.block([]);
    // Nobody has voted yet: the validators' part is the pool's.
    expect(pool()).toBe(800n * WHOLE);
    chain.block([]);
    expect(pool()).toBe(900n * WHOLE);
    expect(pending(PRODUCER, PRODUCER)).toBe(175n * WHOLE);
    expect(pending(second, second)).toBe(525n * WHOLE);
    const nodes = formatAddress({ bech32Prefix: 'sem' }, MODULE_ACCOUNTS.nodeRewards);
    expect(chain.balance(nodes)).toBe(400n);
  });

  test('pays those too whose votes were left out', () => {
    start({ block_reward: '1000', community_tax: '0' });
    chain.block([]);
    chain.block([], 1000n, { isSigned: () => false });
    expect(pending(second, second)).toBe(750n * WHOLE);
  });

  test('gives the fees of its transactions to the next one', () => {
    start({ community_tax: '0' });
    chain.block([]);
    expect(chain.deliver(alice, [delegate(alice, second, 1n)]).code).toBe(0);
    expect(pending(PRODUCER, PRODUCER)).toBe(0n);
    chain.block([]);
    expect(pending(PRODUCER, PRODUCER)).toBe(2500n * WHOLE);
  });
});

describe('a delegator', () => {
  test('earns by its stake and its time, less the commission', () => {
    start({ block_reward: '4000', community_tax: '0' }, '0.1');
    chain.block([]);
    deliver(alice, delegate(alice, PRODUCER, 10n * SEM));
    const [before, mine] = [pending(PRODUCER, PRODUCER), pending(alice, PRODUCER)];
    expect(mine).toBe(0n);
    // Its power counts two blocks later; what is earned is shared at once.
    chain.block([]);
    const fee = 10_000n;
    const earned = ((4000n + fee) * WHOLE) / 4n;
    const kept = earned - earned / 10n;
    expect(pending(alice, PRODUCER)).toBe(kept / 2n);
    expect(pending(PRODUCER, PRODUCER) - before).toBe(kept / 2n);
    expect(commission(PRODUCER)).toBe(earned / 10n + (1000n * WHOLE) / 10n);
  });

  test('takes its rewards by message, and whenever its stake changes', () => {
    start({ block_reward: '4000', community_tax: '0' });
    chain.block([]);
    chain.block([]);
    const before = chain.balance(second.address);
    const result = deliver(second, withdrawReward(second, second));
    expect(result.log).toBe('');
    // Two blocks' rewards by then: its own block begins with the one before's.
    expect(chain.balance(second.address)).toBe(before + 6000n - 10_000n);
    chain.block([]);
    const later = pending(second, second) / WHOLE;
    expect(later).toBe(3000n + 7500n);
    const soFar = chain.balance(second.address);
    deliver(second, undelegate(second, second, SEM));
    expect(chain.balance(second.address)).toBe(soFar + later + 3000n - 10_000n);
    expect(pending(second, second)).toBe(0n);
  });

  test('may send them elsewhere', () => {
    start({ block_reward: '4000', community_tax: '0' });
    chain.block([]);
    expect(deliver(second, setWithdrawAddress(second, bob.address)).code).toBe(0);
    const before = chain.balance(bob.address);
    deliver(second, withdrawReward(second, second));
    expect(chain.balance(bob.address)).toBeGreaterThan(before);
    const module = formatAddress({ bech32Prefix: 'sem' }, MODULE_ACCOUNTS.bonded);
    const blocked = deliver(second, setWithdrawAddress(second, module));
    expect(blocked).toMatchObject({ code: 4, codespace: 'sdk' });
  });

  test('cannot take what it has no part in', () => {
    start({ block_reward: '4000' });
    const none = deliver(alice, withdrawReward(alice, second));
    expect(none).toMatchObject({ code: 5, codespace: 'distribution' });
    const stranger = deliver(alice, withdrawReward(alice, alice));
    expect(stranger).toMatchObject({ code: 12, codespace: 'distribution' });
    const empty = deliver(second, withdrawCommission(second));
    expect(empty).toMatchObject({ code: 6, codespace: 'distribution' });
  });

  test('earns for what is left after a slash', () => {
    start({ block_reward: '4000', community_tax: '0' });
    chain.block([]);
    chain.block([]);
    const validator = { address: consensusAddress(consensusKeyOf(second)), power: 30n };
    const evidence = { kind: 'duplicate_vote', height: 1n, timeMs: chain.now() } as const;
    const misbehavior = [{ ...evidence, validator, totalPower: 40n }];
    chain.block([], 1000n, { misbehavior });
    const before = pending(second, second);
    expect(before).toBe(6000n * WHOLE);
    const soFar = chain.balance(second.address);
    deliver(second, withdrawReward(second, second));
    // It votes for two more blocks before the engine lets it go. What does not divide waits.
    expect(chain.balance(second.address)).toBe(soFar + 8999n - 10_000n);
    const fields = { validatorAddress: valoper(second), startingHeight: 0n, endingHeight: 0n };
    const request = QueryValidatorSlashesRequest.encode(fields).finish();
    const path = '/cosmos.distribution.v1beta1.Query/ValidatorSlashes';
    const { slashes } = QueryValidatorSlashesResponse.decode(chain.app.query(path, request).value);
    expect(slashes).toMatchObject([{ fraction: '50000000000000000' }]);
  });
});

test('a validator takes its commission in whole units', () => {
  start({ block_reward: '4001', community_tax: '0' }, '0.5');
  chain.block([]);
  chain.block([]);
  expect(commission(PRODUCER)).toBe((4001n * WHOLE) / 8n);
  const before = chain.balance(PRODUCER.address);
  expect(deliver(PRODUCER, withdrawCommission(PRODUCER)).code).toBe(0);
  expect(chain.balance(PRODUCER.address)).toBe(before + 1000n - 10_000n);
  expect(commission(PRODUCER)).toBe((WHOLE * 4001n) / 4n - 1000n * WHOLE);
});

test('anybody may fund the community pool', () => {
  start({ community_tax: '0' });
  const fund = (denom: string) => ({
    typeUrl: MsgFundCommunityPool.typeUrl,
    value: MsgFundCommunityPool.encode({
      depositor: alice.address,
      amount: [{ denom, amount: '77' }],
    }).finish(),
  });
  expect(chain.deliver(alice, [fund('usem')]).code).toBe(0);
  expect(pool()).toBe(77n * WHOLE);
  expect(chain.deliver(alice, [fund('other')])).toMatchObject({ code: 18, codespace: 'sdk' });
});
