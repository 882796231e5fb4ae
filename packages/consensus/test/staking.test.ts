import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secp256k1HdWallet } from '@cosmjs/amino';
import { DirectSecp256k1HdWallet, type OfflineSigner } from '@cosmjs/proto-signing';
import {
  AminoTypes,
  assertIsDeliverTxSuccess,
  coin,
  createDefaultAminoConverters,
  GasPrice,
  QueryClient,
  SigningStargateClient,
  setupDistributionExtension,
  setupGovExtension,
  setupSlashingExtension,
  setupStakingExtension,
} from '@cosmjs/stargate';
import { connectComet } from '@cosmjs/tendermint-rpc';
import { fromBech32, toBech32 } from '@semblance/core/bech32';
import { PubKey } from 'cosmjs-types/cosmos/crypto/ed25519/keys';
import { ProposalStatus, TextProposal, VoteOption } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { ParameterChangeProposal } from 'cosmjs-types/cosmos/params/v1beta1/params';
import { BondStatus } from 'cosmjs-types/cosmos/staking/v1beta1/staking';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createGenesis, genesisValidator } from '../src/genesis.ts';
import type { SoloChain } from '../src/solo/run.ts';
import { startSolo } from '../src/solo.ts';
import { generateValidatorKey, validatorAddress } from '../src/validator-key.ts';

/* An unmodified CosmJS stakes on the real application, in both of its ways to sign. */

const MNEMONICS = [
  'test test test test test test test test test test test junk',
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
] as const;
const OPTIONS = {
  gasPrice: GasPrice.fromString('0.001usem'),
  broadcastPollIntervalMs: 20,
  broadcastTimeoutMs: 10_000,
  aminoTypes: new AminoTypes(createDefaultAminoConverters()),
};

const VOTING = ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD;

const validatorKey = generateValidatorKey();
let chain: SoloChain;
let direct: OfflineSigner;
let amino: OfflineSigner;
/** Of the direct signer and of the amino signer. */
let senders: string[];
let operator: string;
let valoper: string;

beforeAll(async () => {
  direct = await DirectSecp256k1HdWallet.fromMnemonic(MNEMONICS[0], { prefix: 'sem' });
  amino = await Secp256k1HdWallet.fromMnemonic(MNEMONICS[1], { prefix: 'sem' });
  const accounts = [...(await direct.getAccounts()), ...(await amino.getAccounts())];
  senders = accounts.map(({ address }) => address);
  operator = toBech32('sem', new Uint8Array(20).fill(7));
  valoper = operatorOf(operator);
  const home = mkdtempSync(join(tmpdir(), 'semblance-staking-'));
  chain = await startSolo({
    home,
    validatorKey,
    rpc: { host: '127.0.0.1', port: 0 },
    genesis: createGenesis({
      chainId: 'semblance-staking-1',
      timeMs: BigInt(Date.now()),
      validators: [genesisValidator(validatorKey.publicKey)],
      appState: {
        auth: { params: { bech32_prefix: 'sem', min_gas_price_milli: '1' } },
        bank: {
          balances: senders.map((address) => ({ address, coins: [coin('1000000000', 'usem')] })),
        },
        staking: {
          validators: [
            {
              operator,
              consensus_pubkey: Buffer.from(validatorKey.publicKey).toString('base64'),
              moniker: 'solo',
              self_delegation: '10000000',
            },
          ],
        },
        distribution: { params: { block_reward: '1000000' } },
        gov: { params: { min_deposit: '1000' } },
        ml: { params: {}, models: [], nodes: [] },
      },
    }),
  });
  return async () => {
    await chain.stop();
    rmSync(home, { recursive: true });
  };
});

const operatorOf = (address: string) => toBech32('semvaloper', fromBech32('sem', address));

async function connect(signer: OfflineSigner): Promise<SigningStargateClient> {
  const client = await SigningStargateClient.connectWithSigner(chain.rpcUrl, signer, OPTIONS);
  onTestFinished(() => client.disconnect());
  return client;
}

async function query() {
  const comet = await connectComet(chain.rpcUrl);
  onTestFinished(() => comet.disconnect());
  return QueryClient.withExtensions(
    comet,
    setupStakingExtension,
    setupDistributionExtension,
    setupGovExtension,
    setupSlashingExtension,
  );
}

describe.each([
  { mode: 'direct', index: 0 },
  { mode: 'amino', index: 1 },
])('in $mode mode', ({ index }) => {
  const signer = () => (index === 0 ? direct : amino);

  it('delegates, takes rewards and undelegates', async () => {
    const sender = senders[index] as string;
    const client = await connect(signer());
    const staked = async () => BigInt((await client.getDelegation(sender, valoper))?.amount ?? '0');
    const before = await staked();
    const amount = coin('5000000', 'usem');
    assertIsDeliverTxSuccess(await client.delegateTokens(sender, valoper, amount, 'auto'));
    expect(await staked()).toBe(before + 5_000_000n);
    const paid = await client.withdrawRewards(sender, valoper, 'auto');
    assertIsDeliverTxSuccess(paid);
    expect(paid.events.some(({ type }) => type === 'withdraw_rewards')).toBe(true);
    const half = coin('2500000', 'usem');
    assertIsDeliverTxSuccess(await client.undelegateTokens(sender, valoper, half, 'auto'));
    expect(await staked()).toBe(before + 2_500_000n);
  });

  it('sends every other message of staking and distribution', async () => {
    const sender = senders[index] as string;
    const client = await connect(signer());
    const { staking } = await query();
    const { unbond } = await staking.unbondingDelegation(sender, valoper);
    const entry = unbond?.entries.at(-1);
    const own = operatorOf(sender);
    const create = {
      typeUrl: '/cosmos.staking.v1beta1.MsgCreateValidator',
      value: {
        description: {
          moniker: 'a & <b>',
          identity: '',
          website: '',
          securityContact: '',
          details: '',
        },
        commission: {
          rate: '100000000000000000',
          maxRate: '200000000000000000',
          maxChangeRate: '10000000000000000',
        },
        minSelfDelegation: '1',
        delegatorAddress: sender,
        validatorAddress: own,
        pubkey: {
          typeUrl: PubKey.typeUrl,
          value: PubKey.encode({ key: new Uint8Array(32).fill(index) }).finish(),
        },
        value: coin('2000000', 'usem'),
      },
    };
    const unchanged = '[do-not-modify]';
    const messages = [
      create,
      {
        typeUrl: '/cosmos.staking.v1beta1.MsgEditValidator',
        value: {
          description: {
            moniker: 'renamed',
            identity: unchanged,
            website: unchanged,
            securityContact: unchanged,
            details: unchanged,
          },
          commissionRate: '',
          minSelfDelegation: '',
          validatorAddress: own,
        },
      },
      {
        typeUrl: '/cosmos.staking.v1beta1.MsgBeginRedelegate',
        value: {
          delegatorAddress: sender,
          validatorSrcAddress: valoper,
          validatorDstAddress: own,
          amount: coin('100000', 'usem'),
        },
      },
      {
        typeUrl: '/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation',
        value: {
          delegatorAddress: sender,
          validatorAddress: valoper,
          amount: coin('1000', 'usem'),
          creationHeight: entry?.creationHeight ?? 0n,
        },
      },
      {
        typeUrl: '/cosmos.distribution.v1beta1.MsgSetWithdrawAddress',
        value: { delegatorAddress: sender, withdrawAddress: sender },
      },
      {
        typeUrl: '/cosmos.distribution.v1beta1.MsgFundCommunityPool',
        value: { depositor: sender, amount: [coin('7', 'usem')] },
      },
    ];
    assertIsDeliverTxSuccess(await client.signAndBroadcast(sender, messages, 'auto'));
    expect((await staking.validator(own)).validator?.description.moniker).toBe('renamed');
  });
});

describe('gov', () => {
  const title = { title: 'a <title>', description: 'and & why' };
  const textContent = {
    typeUrl: TextProposal.typeUrl,
    value: TextProposal.encode(title).finish(),
  };
  const changes = [{ subspace: 'staking', key: 'max_validators', value: '"50"' }];
  const changeContent = {
    typeUrl: ParameterChangeProposal.typeUrl,
    value: ParameterChangeProposal.encode({ ...title, changes }).finish(),
  };

  it.each([
    { mode: 'direct', index: 0, content: changeContent },
    { mode: 'amino', index: 1, content: textContent },
  ])('proposes and votes in $mode mode', async ({ index, content }) => {
    const proposer = senders[index] as string;
    const client = await connect(index === 0 ? direct : amino);
    const { gov } = await query();
    const send = async (typeUrl: string, value: object) =>
      client.signAndBroadcast(proposer, [{ typeUrl, value }], 'auto');
    const submitted = await send('/cosmos.gov.v1beta1.MsgSubmitProposal', {
      content,
      initialDeposit: [coin('100', 'usem')],
      proposer,
    });
    assertIsDeliverTxSuccess(submitted);
    const id = index + 1;
    const proposalId = BigInt(id);
    const amount = [coin('900', 'usem')];
    const deposit = { proposalId, depositor: proposer, amount };
    assertIsDeliverTxSuccess(await send('/cosmos.gov.v1beta1.MsgDeposit', deposit));
    const vote = { proposalId, voter: proposer, option: VoteOption.VOTE_OPTION_YES };
    assertIsDeliverTxSuccess(await send('/cosmos.gov.v1beta1.MsgVote', vote));
    const { proposal } = await gov.proposal(id);
    expect(proposal).toMatchObject({
      content,
      status: VOTING,
      totalDeposit: [coin('1000', 'usem')],
    });
    expect(BigInt((await gov.tally(id)).tally.yes)).toBeGreaterThan(0n);
    expect((await gov.vote(id, proposer)).vote.option).toBe(vote.option);
    expect((await gov.votes(id)).votes.length).toBe(1);
    expect((await gov.deposit(id, proposer)).deposit.amount).toEqual([coin('1000', 'usem')]);
    expect((await gov.deposits(id)).deposits.length).toBe(1);
    const found = await gov.proposals(VOTING, proposer, proposer);
    expect(found.proposals.map((one) => one.proposalId)).toEqual([proposalId]);
    expect((await gov.params('deposit')).depositParams.minDeposit).toEqual([coin('1000', 'usem')]);
  });
});

describe('queries', () => {
  const first = () => senders[0] as string;

  it('of staking', async () => {
    const { staking } = await query();
    const { validators } = await staking.validators('BOND_STATUS_BONDED');
    expect(validators.map(({ operatorAddress }) => operatorAddress)).toContain(valoper);
    expect((await staking.validator(valoper)).validator).toMatchObject({
      status: BondStatus.BOND_STATUS_BONDED,
      description: { moniker: 'solo' },
    });
    const byValidator = await staking.validatorDelegations(valoper);
    expect(byValidator.delegationResponses.length).toBe(3);
    const mine = await staking.delegatorDelegations(first());
    expect(mine.delegationResponses.length).toBe(2);
    expect((await staking.delegatorValidators(first())).validators.length).toBe(2);
    expect((await staking.delegatorUnbondingDelegations(first())).unbondingResponses.length).toBe(
      1,
    );
    expect((await staking.validatorUnbondingDelegations(valoper)).unbondingResponses.length).toBe(
      2,
    );
    const { redelegationResponses } = await staking.redelegations(
      first(),
      valoper,
      operatorOf(first()),
    );
    expect(redelegationResponses[0]?.entries.length).toBe(1);
    expect((await staking.params()).params).toMatchObject({
      bondDenom: 'usem',
      maxValidators: 100,
    });
    expect(BigInt((await staking.pool()).pool?.bondedTokens ?? '0')).toBeGreaterThan(10_000_000n);
  });

  it('of distribution', async () => {
    const { distribution } = await query();
    expect((await distribution.params()).params.communityTax).toBe('20000000000000000');
    const { total } = await distribution.delegationTotalRewards(operator);
    expect(BigInt(total[0]?.amount ?? '0')).toBeGreaterThan(0n);
    expect((await distribution.delegationRewards(operator, valoper)).rewards[0]?.denom).toBe(
      'usem',
    );
    const outstanding = await distribution.validatorOutstandingRewards(valoper);
    expect(BigInt(outstanding.rewards.rewards[0]?.amount ?? '0')).toBeGreaterThan(0n);
    expect((await distribution.validatorCommission(valoper)).commission.commission).toEqual([]);
    expect((await distribution.validatorSlashes(valoper, 0, 100)).slashes).toEqual([]);
    expect((await distribution.delegatorValidators(first())).validators.length).toBe(2);
    expect((await distribution.delegatorWithdrawAddress(first())).withdrawAddress).toBe(first());
    expect(BigInt((await distribution.communityPool()).pool[0]?.amount ?? '0')).toBeGreaterThan(0n);
  });

  it('of slashing', async () => {
    const { slashing } = await query();
    const address = toBech32('semvalcons', validatorAddress(validatorKey.publicKey));
    expect((await slashing.signingInfo(address)).valSigningInfo).toMatchObject({
      address,
      tombstoned: false,
      missedBlocksCounter: 0n,
    });
    expect((await slashing.signingInfos()).info.length).toBe(3);
    expect((await slashing.params()).params.signedBlocksWindow).toBe(1000n);
  });
});
