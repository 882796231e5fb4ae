import { QuerySigningInfosResponse } from 'cosmjs-types/cosmos/slashing/v1beta1/query';
import { BondStatus } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Misbehavior } from '../src/application.ts';
import { brokenInvariants } from '../src/invariants.ts';
import {
  consensusKeyOf,
  genesisValidator,
  PRODUCER,
  startChain,
  type TestChain,
} from './support/chain.ts';
import { consensusAddress } from './support/engine.ts';
import {
  consensusPubkey,
  createValidator,
  delegate,
  delegated,
  queryValidator,
  redelegate,
  unbondingEntries,
  undelegate,
  unjailValidator,
} from './support/staking.ts';
import { type Wallet, wallet } from './support/wallet.ts';

const SEM = 1_000_000n;
const UNBONDING = 1_000_000n;
const JAIL = 50_000n;
const WINDOW = 10;
const bad = wallet('bad validator');
const alice = wallet('alice');
const addressOf = (who: Wallet) => consensusAddress(consensusKeyOf(who));

let chain: TestChain;
beforeEach(() => {
  chain = startChain({
    balances: [bad, alice, PRODUCER].map((of) => ({ of, usem: 1000n * SEM })),
    staking: {
      params: { unbonding_ms: String(UNBONDING) },
      validators: [genesisValidator(PRODUCER), genesisValidator(bad, 100n * SEM)],
    },
    slashing: {
      params: {
        signed_blocks_window: String(WINDOW),
        downtime_jail_ms: String(JAIL),
        slash_fraction_downtime: '0.01',
        slash_fraction_double_sign: '0.1',
      },
    },
    // Rewards would blur the amounts.
    distribution: { params: { community_tax: '1' } },
  });
});
afterEach(() => expect(brokenInvariants(chain.store)).toEqual([]));

const absent = { isSigned: (address: Uint8Array) => Buffer.compare(address, addressOf(bad)) !== 0 };

function blocks(count: number, said = {}): void {
  for (let i = 0; i < count; i++) chain.block([], 1000n, said);
}

function missedBlocks(): bigint[] {
  const path = '/cosmos.slashing.v1beta1.Query/SigningInfos';
  const { value } = chain.app.query(path, new Uint8Array());
  return QuerySigningInfosResponse.decode(value).info.map((info) => info.missedBlocksCounter);
}

describe('downtime', () => {
  test('costs a little and a while; then the validator may come back', () => {
    blocks(WINDOW + 2);
    blocks(5, absent);
    expect(new Set(missedBlocks())).toEqual(new Set([0n, 5n]));
    expect(queryValidator(chain, bad)).toMatchObject({ jailed: false, tokens: '100000000' });
    const { events, validatorUpdates } = chain.block([], 1000n, absent);
    expect(validatorUpdates).toEqual([{ publicKey: consensusKeyOf(bad), power: 0n }]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'slash' }));
    expect(queryValidator(chain, bad)).toMatchObject({
      jailed: true,
      tokens: '99000000',
      status: BondStatus.BOND_STATUS_UNBONDING,
    });
    const unjail = () => chain.deliver(bad, [unjailValidator(bad)]);
    expect(unjail()).toMatchObject({ code: 4, codespace: 'slashing' });
    chain.block([], JAIL);
    expect(unjail().code).toBe(0);
    expect(queryValidator(chain, bad)).toMatchObject({
      jailed: false,
      status: BondStatus.BOND_STATUS_BONDED,
    });
    expect(missedBlocks()).toEqual([0n, 0n]);
  });

  test('counts only the last blocks, and none before a whole window', () => {
    blocks(WINDOW - 2, absent);
    expect(queryValidator(chain, bad).jailed).toBe(false);
    blocks(WINDOW);
    expect(missedBlocks()).toEqual([0n, 0n]);
    for (let i = 0; i < 4; i++) {
      blocks(5, absent);
      blocks(5);
    }
    expect(queryValidator(chain, bad).jailed).toBe(false);
  });
});

describe('two blocks signed for one height', () => {
  const evidence = (height: bigint, power = 100n): Misbehavior => ({
    kind: 'duplicate_vote',
    validator: { address: addressOf(bad), power },
    height,
    timeMs: chain.now(),
    totalPower: 110n,
  });

  const punish = (height: bigint, power?: bigint) =>
    chain.block([], 1000n, { misbehavior: [evidence(height, power)] });

  test('cost a part of the stake and all of the future', () => {
    blocks(3);
    expect(punish(2n).validatorUpdates).toMatchObject([{ power: 0n }]);
    expect(queryValidator(chain, bad)).toMatchObject({ jailed: true, tokens: '90000000' });
    punish(2n);
    expect(queryValidator(chain, bad).tokens).toBe('90000000');
    chain.block([], 10n * UNBONDING);
    const unjail = chain.deliver(bad, [unjailValidator(bad)]);
    expect(unjail).toMatchObject({ code: 4, codespace: 'slashing' });
  });

  test('the key never comes back, even when its validator is forgotten', () => {
    blocks(3);
    punish(2n);
    chain.block([], UNBONDING);
    expect(chain.deliver(bad, [undelegate(bad, bad, 90n * SEM)]).code).toBe(0);
    expect(() => queryValidator(chain, bad)).toThrow(/not found/);
    const pubkey = consensusPubkey(consensusKeyOf(bad));
    const again = chain.deliver(alice, [createValidator(alice, SEM, { pubkey })]);
    expect(again).toMatchObject({ code: 5, codespace: 'staking' });
  });

  test('are answered for by what was unbonded since, and by nothing that left before', () => {
    chain.deliver(alice, [delegate(alice, bad, 60n * SEM)]);
    chain.deliver(alice, [undelegate(alice, bad, 10n * SEM)]);
    blocks(3);
    const height = chain.app.info().height;
    chain.deliver(alice, [undelegate(alice, bad, 20n * SEM)]);
    punish(height, 150n);
    const balances = unbondingEntries(chain, alice, bad).map(({ balance }) => balance);
    expect(balances).toEqual(['10000000', '18000000']);
    // 10% of 150, of which the unbonding bore 2; alike for all who stayed, to a base unit.
    expect(queryValidator(chain, bad).tokens).toBe('117000000');
    expect(delegated(chain, alice, bad)).toBe(27n * SEM);
  });

  test('are answered for by what was redelegated since, wherever it is now', () => {
    chain.deliver(alice, [delegate(alice, bad, 50n * SEM)]);
    blocks(3);
    const height = chain.app.info().height;
    chain.deliver(alice, [redelegate(alice, bad, PRODUCER, 40n * SEM)]);
    chain.deliver(alice, [undelegate(alice, PRODUCER, 39n * SEM)]);
    const before = queryValidator(chain, PRODUCER).tokens;
    punish(height, 150n);
    expect(unbondingEntries(chain, alice, PRODUCER)[0]?.balance).toBe('35000000');
    expect(queryValidator(chain, PRODUCER).tokens).toBe(before);
    expect(queryValidator(chain, bad).tokens).toBe('99000000');
  });

  test('take moved stake out of its new validator', () => {
    chain.deliver(alice, [delegate(alice, bad, 50n * SEM)]);
    blocks(3);
    const height = chain.app.info().height;
    chain.deliver(alice, [redelegate(alice, bad, PRODUCER, 40n * SEM)]);
    punish(height, 150n);
    expect(delegated(chain, alice, PRODUCER)).toBe(36n * SEM);
    expect(queryValidator(chain, PRODUCER).tokens).toBe('46000000');
  });

  test('mean nothing of a stranger or of stake that is free', () => {
    const stranger = { ...evidence(1n), validator: { address: new Uint8Array(20), power: 9n } };
    chain.block([], 1000n, { misbehavior: [stranger] });
    blocks(WINDOW + 9, absent);
    chain.block([], UNBONDING);
    const before = queryValidator(chain, bad);
    expect(before.status).toBe(BondStatus.BOND_STATUS_UNBONDED);
    punish(2n);
    expect(queryValidator(chain, bad)).toEqual(before);
  });

  test('never take more than there is', () => {
    blocks(3);
    punish(2n, 1_000_000n);
    expect(queryValidator(chain, bad)).toMatchObject({ tokens: '0', jailed: true });
    const more = chain.deliver(alice, [delegate(alice, bad, SEM)]);
    expect(more).toMatchObject({ code: 34, codespace: 'staking' });
    expect(chain.deliver(bad, [undelegate(bad, bad, SEM)])).toMatchObject({ code: 18 });
  });
});
