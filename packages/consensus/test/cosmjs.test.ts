import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secp256k1HdWallet } from '@cosmjs/amino';
import { DirectSecp256k1HdWallet, type OfflineSigner } from '@cosmjs/proto-signing';
import {
  assertIsDeliverTxSuccess,
  BroadcastTxError,
  coins,
  GasPrice,
  SigningStargateClient,
} from '@cosmjs/stargate';
import { Comet38Client, connectComet, WebsocketClient } from '@cosmjs/tendermint-rpc';
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createGenesis, genesisValidator } from '../src/genesis.ts';
import type { SoloChain } from '../src/solo/run.ts';
import { startSolo } from '../src/solo.ts';
import { generateValidatorKey } from '../src/validator-key.ts';

/*
 * An unmodified CosmJS against the real application. It polls for its transaction, so the chain
 * makes its blocks at once and the poll is made short.
 */

const MNEMONIC = 'test test test test test test test test test test test junk';
const EMPTY_MNEMONIC =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const OPTIONS = {
  gasPrice: GasPrice.fromString('0.001usem'),
  broadcastPollIntervalMs: 20,
  broadcastTimeoutMs: 10_000,
};

let chain: SoloChain;
let direct: OfflineSigner;
let amino: OfflineSigner;
let sender: string;
let poor: OfflineSigner;

beforeAll(async () => {
  direct = await DirectSecp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: 'sem' });
  amino = await Secp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: 'sem' });
  poor = await DirectSecp256k1HdWallet.fromMnemonic(EMPTY_MNEMONIC, { prefix: 'sem' });
  sender = (await direct.getAccounts())[0]?.address ?? '';
  const home = mkdtempSync(join(tmpdir(), 'semblance-cosmjs-'));
  const validatorKey = generateValidatorKey();
  chain = await startSolo({
    home,
    validatorKey,
    rpc: { host: '127.0.0.1', port: 0 },
    genesis: createGenesis({
      chainId: 'semblance-test-1',
      timeMs: BigInt(Date.now()),
      validators: [genesisValidator(validatorKey.publicKey)],
      appState: {
        auth: { params: { bech32_prefix: 'sem', min_gas_price_milli: '1' } },
        bank: { balances: [{ address: sender, coins: [{ denom: 'usem', amount: '1000000000' }] }] },
        ml: { params: {}, models: [], nodes: [] },
      },
    }),
  });
  return async () => {
    await chain.stop();
    rmSync(home, { recursive: true });
  };
});

async function connect(signer: OfflineSigner): Promise<SigningStargateClient> {
  const client = await SigningStargateClient.connectWithSigner(chain.rpcUrl, signer, OPTIONS);
  onTestFinished(() => client.disconnect());
  return client;
}

const recipient = async () => (await poor.getAccounts())[0]?.address ?? '';

describe('SigningStargateClient', () => {
  it('learns the chain', async () => {
    const client = await connect(direct);
    expect(await client.getChainId()).toBe('semblance-test-1');
    expect(await client.getHeight()).toBeGreaterThan(0);
    const block = await client.getBlock(1);
    expect(block.header.height).toBe(1);
    expect(block.id).toMatch(/^[0-9A-F]{64}$/);
  });

  it('chooses the client for CometBFT 0.38', async () => {
    const client = await connectComet(chain.rpcUrl);
    onTestFinished(() => client.disconnect());
    expect(client).toBeInstanceOf(Comet38Client);
  });

  it.each([
    ['direct', () => direct],
    ['amino', () => amino],
  ])('signs in %s mode, sends and sees the result', async (_mode, signer) => {
    const client = await connect(signer());
    const to = await recipient();
    const before = await client.getBalance(to, 'usem');
    const result = await client.sendTokens(sender, to, coins(5, 'usem'), 'auto', 'hello');
    assertIsDeliverTxSuccess(result);
    const after = await client.getBalance(to, 'usem');
    expect(BigInt(after.amount) - BigInt(before.amount)).toBe(5n);
    const found = await client.getTx(result.transactionHash);
    expect(found?.height).toBe(result.height);
    expect(found?.gasUsed).toBeGreaterThan(0n);
    expect(found?.gasUsed).toBeLessThanOrEqual(found?.gasWanted ?? 0n);
    expect(result.events.some(({ type }) => type === 'transfer')).toBe(true);
  });

  it('counts the sequence', async () => {
    const client = await connect(direct);
    const { sequence } = await client.getSequence(sender);
    const to = await recipient();
    assertIsDeliverTxSuccess(await client.sendTokens(sender, to, coins(1, 'usem'), 'auto'));
    expect((await client.getSequence(sender)).sequence).toBe(sequence + 1);
  });

  it('simulates', async () => {
    const client = await connect(direct);
    const message = {
      typeUrl: '/cosmos.bank.v1beta1.MsgSend',
      value: { fromAddress: sender, toAddress: await recipient(), amount: coins(1, 'usem') },
    };
    expect(await client.simulate(sender, [message], '')).toBeGreaterThan(1000);
  });

  it('is refused with a wrong sequence', async () => {
    const client = await connect(direct);
    const message = {
      typeUrl: '/cosmos.bank.v1beta1.MsgSend',
      value: { fromAddress: sender, toAddress: await recipient(), amount: coins(1, 'usem') },
    };
    const { accountNumber, sequence } = await client.getSequence(sender);
    const fee = { amount: coins(1000, 'usem'), gas: '200000' };
    const chainId = await client.getChainId();
    const signed = await client.sign(sender, [message], fee, '', {
      accountNumber,
      sequence: sequence + 5,
      chainId,
    });
    const sent = client.broadcastTx(TxRaw.encode(signed).finish());
    await expect(sent).rejects.toMatchObject({ code: 32, codespace: 'sdk' });
    await expect(sent).rejects.toThrow(BroadcastTxError);
    await expect(sent).rejects.toThrow(/account sequence mismatch/);
  });

  it('reports a transaction that fails in its block', async () => {
    const client = await connect(direct);
    const tooMuch = coins('999999999999', 'usem');
    const fee = { amount: coins(1000, 'usem'), gas: '200000' };
    const outcome = await client
      .sendTokens(sender, await recipient(), tooMuch, fee)
      .catch((error: unknown) => error as BroadcastTxError);
    expect(outcome.code).toBe(5);
  });

  it('does not know an account without funds', async () => {
    const client = await connect(direct);
    const stranger = await DirectSecp256k1HdWallet.generate(12, { prefix: 'sem' });
    const [account] = await stranger.getAccounts();
    expect(await client.getAccount(account?.address ?? '')).toBeNull();
    await expect(client.getSequence(account?.address ?? '')).rejects.toThrow(/does not exist/);
  });

  it('finds transactions by their events', async () => {
    const client = await connect(direct);
    const to = await recipient();
    const result = await client.sendTokens(sender, to, coins(3, 'usem'), 'auto');
    const byHeight = await client.searchTx(`tx.height=${result.height}`);
    expect(byHeight.map(({ hash }) => hash)).toContain(result.transactionHash);
    const byEvent = await client.searchTx([
      { key: 'transfer.recipient', value: to },
      { key: 'message.sender', value: sender },
    ]);
    expect(byEvent.map(({ hash }) => hash)).toContain(result.transactionHash);
    expect(await client.searchTx([{ key: 'transfer.recipient', value: 'nobody' }])).toEqual([]);
  });
});

describe('WebsocketClient', () => {
  it('hears of blocks and transactions', async () => {
    const socket = new WebsocketClient(chain.rpcUrl.replace('http', 'ws'));
    const comet = Comet38Client.create(socket);
    onTestFinished(() => comet.disconnect());
    const heard = Promise.withResolvers<{ height: number; code: number }>();
    const blocks: number[] = [];
    const subscriptions = [
      comet.subscribeNewBlock().subscribe({ next: (event) => blocks.push(event.header.height) }),
      comet.subscribeTx(`transfer.sender='${sender}'`).subscribe({
        next: (event) => heard.resolve({ height: event.height, code: event.result.code }),
        error: heard.reject,
      }),
    ];
    // A request on the same socket comes after the two subscriptions before it.
    await comet.status();
    const client = await connect(direct);
    const sent = await client.sendTokens(sender, await recipient(), coins(1, 'usem'), 'auto');
    expect(await heard.promise).toEqual({ height: sent.height, code: 0 });
    expect(blocks).toContain(sent.height);
    for (const subscription of subscriptions) subscription.unsubscribe();
  });
});
