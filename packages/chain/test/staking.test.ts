import { sha256 } from '@semblance/core/sha256';
import { QueryPoolResponse } from 'cosmjs-types/cosmos/staking/v1beta1/query';
import { BondStatus } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../src/invariants.ts';
import { consensusKeyOf, PRODUCER, startChain, type TestChain } from './support/chain.ts';
import {
  cancelUnbonding,
  consensusPubkey,
  createValidator,
  delegate,
  delegated,
  editValidator,
  part,
  queryValidator,
  redelegate,
  unbondingEntries,
  undelegate,
  unjailValidator,
  usem,
  valoper,
} from './support/staking.ts';
import { wallet } from './support/wallet.ts';

const SEM = 1_000_000n;
const DAY = 86_400_000n;
const UNBONDING = 100_000n;
const second = wallet('second validator');
const third = wallet('third validator');
const alice = wallet('alice');

let chain: TestChain;
beforeEach(() => {
  chain = startChain({
    balances: [second, third, alice, PRODUCER].map((of) => ({ of, usem: 1000n * SEM })),
    staking: { params: { unbonding_ms: String(UNBONDING), max_validators: '2', max_entries: '3' } },
    slashing: { params: { signed_blocks_window: '10000' } },
  });
});
afterEach(() => expect(brokenInvariants(chain.store)).toEqual([]));

const key = (who: typeof alice) => consensusKeyOf(who);

describe('create validator', () => {
  test('the stake joins the bonded pool and the engine hears of it', () => {
    const tx = chain.tx(second, [createValidator(second, 20n * SEM)]);
    const { txResults, validatorUpdates } = chain.block([tx]);
    expect(txResults[0]?.log).toBe('');
    expect(validatorUpdates).toEqual([{ publicKey: key(second), power: 20n }]);
    const validator = queryValidator(chain, second);
    expect(validator).toMatchObject({
      operatorAddress: valoper(second),
      status: BondStatus.BOND_STATUS_BONDED,
      jailed: false,
      tokens: '20000000',
      delegatorShares: `20000000${'0'.repeat(18)}`,
      minSelfDelegation: '1',
    });
    expect(validator.commission.commissionRates.rate).toBe(part(10));
    const pool = chain.app.query('/cosmos.staking.v1beta1.Query/Pool', new Uint8Array());
    expect(QueryPoolResponse.decode(pool.value).pool).toEqual({
      bondedTokens: '30000000',
      notBondedTokens: '0',
    });
  });

  test('one of less than a unit of power waits', () => {
    const tx = chain.tx(second, [createValidator(second, SEM - 1n)]);
    expect(chain.block([tx]).validatorUpdates).toEqual([]);
    expect(queryValidator(chain, second).status).toBe(BondStatus.BOND_STATUS_UNBONDED);
    expect(chain.block([chain.tx(alice, [delegate(alice, second, 1n)])])).toMatchObject({
      validatorUpdates: [{ power: 1n }],
    });
  });

  test.each([
    ['the operator has one', PRODUCER, {}, 4, 'staking'],
    [
      'the key is used',
      second,
      { pubkey: consensusPubkey(consensusKeyOf(PRODUCER)) },
      5,
      'staking',
    ],
    ['no name', second, { description: { moniker: '' } }, 18, 'sdk'],
    ['a name too long', second, { description: { moniker: 'x'.repeat(71) } }, 18, 'sdk'],
    ['a rate above its maximum', second, { commission: rates(30, 20, 5) }, 18, 'sdk'],
    ['a maximum above 1', second, { commission: rates(30, 200, 5) }, 18, 'sdk'],
    ['a promise above the stake', second, { minSelfDelegation: '20000001' }, 16, 'staking'],
    ['no promise', second, { minSelfDelegation: '0' }, 18, 'sdk'],
    ['another coin', second, { value: { denom: 'other', amount: '1' } }, 18, 'sdk'],
    ['more than it has', second, { value: usem(2000n * SEM) }, 5, 'sdk'],
    ['no key', second, { pubkey: undefined }, 18, 'sdk'],
    ['a short key', second, { pubkey: consensusPubkey(new Uint8Array(31)) }, 18, 'sdk'],
    ['another delegator', second, { delegatorAddress: alice.address }, 18, 'sdk'],
  ])('refused: %s', (_name, operator, fields, code, codespace) => {
    const message = createValidator(operator, 20n * SEM, fields as never);
    expect(chain.deliver(operator, [message])).toMatchObject({ code, codespace });
  });

  function rates(rate: number, max: number, change: number) {
    return { rate: part(rate), maxRate: part(max), maxChangeRate: part(change) };
  }
});

test('edit validator: what is said changes, commission once a day and slowly', () => {
  chain.deliver(second, [createValidator(second, 20n * SEM)]);
  const description = { ...queryValidator(chain, second).description, details: 'more' };
  const edit = (fields: Parameters<typeof editValidator>[1]) =>
    chain.deliver(second, [editValidator(second, fields)]);
  expect(edit({ description, minSelfDelegation: '5' }).code).toBe(0);
  expect(queryValidator(chain, second)).toMatchObject({ description, minSelfDelegation: '5' });
  expect(edit({ minSelfDelegation: '5' })).toMatchObject({ code: 17, codespace: 'staking' });
  expect(edit({ commissionRate: part(11) })).toMatchObject({ code: 12, codespace: 'staking' });
  chain.block([], DAY);
  expect(edit({ commissionRate: part(16) })).toMatchObject({ code: 15, codespace: 'staking' });
  expect(edit({ commissionRate: part(25) })).toMatchObject({ code: 11, codespace: 'staking' });
  expect(edit({ commissionRate: part(15) }).code).toBe(0);
  expect(queryValidator(chain, second).commission.commissionRates.rate).toBe(part(15));
  expect(chain.deliver(third, [editValidator(third, {})])).toMatchObject({ code: 3 });
});

describe('delegate and undelegate', () => {
  test('power follows the stake, which comes back after its time', () => {
    const before = chain.balance(alice.address);
    const up = chain.block([chain.tx(alice, [delegate(alice, PRODUCER, 5n * SEM)])]);
    expect(up.validatorUpdates).toEqual([{ publicKey: key(PRODUCER), power: 15n }]);
    expect(delegated(chain, alice, PRODUCER)).toBe(5n * SEM);
    const down = chain.block([chain.tx(alice, [undelegate(alice, PRODUCER, 2n * SEM)])]);
    expect(down.validatorUpdates).toEqual([{ publicKey: key(PRODUCER), power: 13n }]);
    expect(unbondingEntries(chain, alice, PRODUCER)).toMatchObject([{ balance: '2000000' }]);
    const poorer = before - 5n * SEM - 20_000n;
    chain.block([], UNBONDING - 1n);
    expect(chain.balance(alice.address)).toBeLessThan(poorer + 2n * SEM);
    const { events } = chain.block([], 1n);
    expect(events.map(({ type }) => type)).toContain('complete_unbonding');
    expect(unbondingEntries(chain, alice, PRODUCER)).toEqual([]);
    // With some of the fees of these blocks, which it earned.
    expect(chain.balance(alice.address)).toBeGreaterThanOrEqual(poorer + 2n * SEM);
  });

  test('is refused to and from a stranger, of too much, of nothing and too often', () => {
    const deliver = (message: ReturnType<typeof delegate>) => chain.deliver(alice, [message]);
    expect(deliver(delegate(alice, alice, SEM))).toMatchObject({ code: 3, codespace: 'staking' });
    expect(deliver(undelegate(alice, PRODUCER, SEM))).toMatchObject({ code: 19 });
    expect(deliver(delegate(alice, PRODUCER, 0n))).toMatchObject({ code: 18, codespace: 'sdk' });
    expect(deliver(delegate(alice, PRODUCER, 2000n * SEM))).toMatchObject({ code: 5 });
    expect(deliver(delegate(alice, PRODUCER, 10n * SEM)).code).toBe(0);
    expect(deliver(undelegate(alice, PRODUCER, 11n * SEM))).toMatchObject({ code: 18 });
    for (let i = 0; i < 3; i++) expect(deliver(undelegate(alice, PRODUCER, SEM)).code).toBe(0);
    expect(deliver(undelegate(alice, PRODUCER, SEM))).toMatchObject({ code: 27 });
  });

  test('what is being unbonded can go back', () => {
    chain.deliver(alice, [delegate(alice, PRODUCER, 10n * SEM)]);
    chain.deliver(alice, [undelegate(alice, PRODUCER, 4n * SEM)]);
    const [entry] = unbondingEntries(chain, alice, PRODUCER);
    const height = entry?.creationHeight ?? 0n;
    const cancel = (amount: bigint, at = height) =>
      chain.deliver(alice, [cancelUnbonding(alice, PRODUCER, amount, at)]);
    expect(cancel(4n * SEM + 1n)).toMatchObject({ code: 18 });
    expect(cancel(SEM, height + 1n)).toMatchObject({ code: 38 });
    expect(cancel(SEM).code).toBe(0);
    expect(delegated(chain, alice, PRODUCER)).toBe(7n * SEM);
    expect(unbondingEntries(chain, alice, PRODUCER)).toMatchObject([{ balance: '3000000' }]);
    expect(cancel(3n * SEM).code).toBe(0);
    expect(cancel(1n)).toMatchObject({ code: 26, codespace: 'staking' });
    chain.block([], UNBONDING);
    expect(delegated(chain, alice, PRODUCER)).toBe(10n * SEM);
  });
});

describe('redelegate', () => {
  test('moves stake at once, and no further before its time', () => {
    chain.deliver(second, [createValidator(second, 20n * SEM)]);
    chain.deliver(alice, [delegate(alice, PRODUCER, 10n * SEM)]);
    const move = redelegate(alice, PRODUCER, second, 6n * SEM);
    const { txResults, validatorUpdates } = chain.block([chain.tx(alice, [move])]);
    expect(txResults[0]?.log).toBe('');
    expect(new Set(validatorUpdates.map(({ power }) => power))).toEqual(new Set([14n, 26n]));
    expect(delegated(chain, alice, second)).toBe(6n * SEM);
    const on = redelegate(alice, second, PRODUCER, SEM);
    expect(chain.deliver(alice, [on])).toMatchObject({ code: 32, codespace: 'staking' });
    chain.block([], UNBONDING);
    expect(chain.deliver(alice, [on]).code).toBe(0);
  });

  test('is refused to the same and to a stranger', () => {
    const deliver = (to: typeof alice) =>
      chain.deliver(PRODUCER, [redelegate(PRODUCER, PRODUCER, to, SEM)]);
    expect(deliver(PRODUCER)).toMatchObject({ code: 29, codespace: 'staking' });
    expect(deliver(alice)).toMatchObject({ code: 31, codespace: 'staking' });
  });
});

describe('the set that makes blocks', () => {
  test('is the strongest; who falls out is free after the unbonding time', () => {
    chain.deliver(second, [createValidator(second, 20n * SEM)]);
    const tx = chain.tx(third, [createValidator(third, 15n * SEM)]);
    const { validatorUpdates } = chain.block([tx]);
    const expected = [
      { publicKey: key(third), power: 15n },
      { publicKey: key(PRODUCER), power: 0n },
    ].toSorted((a, b) => Buffer.compare(a.publicKey, b.publicKey));
    expect(validatorUpdates).toEqual(expected);
    expect(queryValidator(chain, PRODUCER).status).toBe(BondStatus.BOND_STATUS_UNBONDING);
    chain.block([], UNBONDING);
    expect(queryValidator(chain, PRODUCER).status).toBe(BondStatus.BOND_STATUS_UNBONDED);
    chain.deliver(alice, [delegate(alice, PRODUCER, 10n * SEM)]);
    expect(queryValidator(chain, PRODUCER).status).toBe(BondStatus.BOND_STATUS_BONDED);
    expect(queryValidator(chain, third).status).toBe(BondStatus.BOND_STATUS_UNBONDING);
  });

  test('of two equals the lower address stays', () => {
    const [low, high] = [second, third].toSorted((a, b) => Buffer.compare(a.bytes, b.bytes));
    for (const of of [high, low]) {
      if (of) chain.deliver(of, [createValidator(of, 10n * SEM)]);
    }
    chain.deliver(alice, [delegate(alice, PRODUCER, SEM)]);
    expect(queryValidator(chain, low ?? second).status).toBe(BondStatus.BOND_STATUS_BONDED);
    expect(queryValidator(chain, high ?? third).status).not.toBe(BondStatus.BOND_STATUS_BONDED);
  });

  test('a validator below its own promise is jailed until it holds it again', () => {
    chain.deliver(second, [createValidator(second, 20n * SEM, { minSelfDelegation: '15000000' })]);
    chain.deliver(second, [undelegate(second, second, 6n * SEM)]);
    expect(queryValidator(chain, second)).toMatchObject({
      jailed: true,
      status: BondStatus.BOND_STATUS_UNBONDING,
    });
    const unjail = () => chain.deliver(second, [unjailValidator(second)]);
    expect(unjail()).toMatchObject({ code: 7, codespace: 'slashing' });
    chain.deliver(second, [delegate(second, second, SEM)]);
    expect(unjail().code).toBe(0);
    expect(queryValidator(chain, second).status).toBe(BondStatus.BOND_STATUS_BONDED);
    expect(unjail()).toMatchObject({ code: 5, codespace: 'slashing' });
  });

  test('never becomes empty', () => {
    const all = chain.tx(PRODUCER, [undelegate(PRODUCER, PRODUCER, 10n * SEM)]);
    expect(chain.block([all])).toMatchObject({ validatorUpdates: [], txResults: [{ code: 0 }] });
    expect(chain.block([], UNBONDING).validatorUpdates).toEqual([]);
    const { validatorUpdates } = chain.block([chain.tx(second, [createValidator(second, SEM)])]);
    expect(new Set(validatorUpdates.map(({ power }) => power))).toEqual(new Set([0n, 1n]));
    chain.block([], UNBONDING);
    expect(() => queryValidator(chain, PRODUCER)).toThrow(/not found/);
    // Its key may be used again.
    const pubkey = consensusPubkey(consensusKeyOf(PRODUCER));
    expect(chain.deliver(third, [createValidator(third, SEM, { pubkey })]).code).toBe(0);
  });
});

test('hashes of the consensus key name a validator', () => {
  const { consensusPubkey: pubkey } = queryValidator(chain, PRODUCER);
  expect(pubkey?.value.slice(2)).toEqual(sha256(PRODUCER.bytes));
});
