import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Secp256k1Wallet } from '@cosmjs/amino';
import {
  DirectSecp256k1Wallet,
  type EncodeObject,
  type OfflineSigner,
} from '@cosmjs/proto-signing';
import {
  assertIsDeliverTxSuccess,
  coins,
  GasPrice,
  QueryClient,
  SigningStargateClient,
} from '@cosmjs/stargate';
import { Comet38Client, connectComet } from '@cosmjs/tendermint-rpc';
import { createAminoTypes, createRegistry } from '@semblance/client/cosmjs';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import {
  type Job,
  JobPhase,
  QueryJobRequestSchema,
  QueryJobResponseSchema,
  Verdict,
} from '@semblance/proto/ml';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  idOf,
  NODES,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from '../../packages/chain/test/support/ml.ts';
import { picture } from '../../packages/chain/test/support/png.ts';
import type { EncodedMessage } from '../../packages/chain/test/support/tx.ts';
import { type Wallet, wallet } from '../../packages/chain/test/support/wallet.ts';
import {
  appHashes,
  CHAIN_ID,
  heightOf,
  reach,
  rpc,
  startNetwork,
  type TestNetwork,
  type TestValidator,
  until,
  WITHOUT_ENGINE,
} from './network.ts';

/* The application under an unmodified CometBFT, used by an unmodified CosmJS. */

const OPTIONS = {
  gasPrice: GasPrice.fromString('0.001usem'),
  broadcastPollIntervalMs: 50,
  registry: createRegistry(),
  aminoTypes: createAminoTypes(),
};
const STRANGER = wallet('stranger');

describe.skipIf(WITHOUT_ENGINE !== '')(`one validator under CometBFT${WITHOUT_ENGINE}`, () => {
  let network: TestNetwork;
  let validator: TestValidator;

  beforeAll(async () => {
    network = await startNetwork(1, 100);
    [validator] = network.validators as [TestValidator];
    await reach(validator, 1);
  });

  afterAll(() => network.remove());

  async function connect(signer: OfflineSigner): Promise<SigningStargateClient> {
    const client = await SigningStargateClient.connectWithSigner(validator.rpcUrl, signer, OPTIONS);
    onTestFinished(() => client.disconnect());
    return client;
  }

  const direct = ({ privateKey }: Wallet) => DirectSecp256k1Wallet.fromKey(privateKey, 'sem');
  const amino = ({ privateKey }: Wallet) => Secp256k1Wallet.fromKey(privateKey, 'sem');

  async function send(from: Wallet, ...messages: readonly EncodedMessage[]) {
    const client = await connect(await direct(from));
    const decoded: EncodeObject[] = messages.map(({ typeUrl, value }) => ({
      typeUrl,
      value: OPTIONS.registry.decode({ typeUrl, value }),
    }));
    const result = await client.signAndBroadcast(from.address, decoded, 'auto');
    assertIsDeliverTxSuccess(result);
    return result;
  }

  test('is a CometBFT 0.38 to its clients', async () => {
    const client = await connectComet(validator.rpcUrl);
    onTestFinished(() => client.disconnect());
    expect(client).toBeInstanceOf(Comet38Client);
    const { response } = await rpc(validator.rpcUrl, 'abci_info');
    expect(response).toMatchObject({ data: 'semblance', version: '0.1.0' });
    const stargate = await connect(await direct(REQUESTER));
    expect(await stargate.getChainId()).toBe(CHAIN_ID);
  });

  test.each([
    ['direct', direct],
    ['amino', amino],
  ])('takes a transfer signed in %s mode', async (_mode, walletOf) => {
    const client = await connect(await walletOf(REQUESTER));
    const before = await client.getBalance(STRANGER.address, 'usem');
    const { address } = REQUESTER;
    const result = await client.sendTokens(address, STRANGER.address, coins(5, 'usem'), 'auto');
    assertIsDeliverTxSuccess(result);
    const after = await client.getBalance(STRANGER.address, 'usem');
    expect(BigInt(after.amount) - BigInt(before.amount)).toBe(5n);
    const found = await client.getTx(result.transactionHash);
    expect(found?.height).toBe(result.height);
    expect(result.events.some(({ type }) => type === 'transfer')).toBe(true);
    const [byEvent] = await client.searchTx(`transfer.recipient='${STRANGER.address}'`);
    expect(byEvent?.code).toBe(0);
  });

  test('answers queries as the embedded engine does', async () => {
    const client = await connect(await direct(REQUESTER));
    expect(await client.getAccount(wallet('nobody').address)).toBeNull();
    expect((await client.getAllBalances(REQUESTER.address)).map(({ denom }) => denom)).toEqual([
      'usem',
    ]);
    const past = { path: '/cosmos.bank.v1beta1.Query/Balance', height: '1' };
    await reach(validator, 3);
    const { response } = await rpc(validator.rpcUrl, 'abci_query', past);
    expect(response).toMatchObject({ code: 26, codespace: 'sdk' });
    const unknown = await rpc(validator.rpcUrl, 'abci_query', { path: '/no.such/Method' });
    expect(unknown.response).toMatchObject({ code: 6, codespace: 'sdk' });
  });

  test('refuses what cannot be a transaction', async () => {
    const tx = Buffer.from('no transaction').toString('base64');
    const result = await rpc(validator.rpcUrl, 'broadcast_tx_sync', { tx });
    expect(result).toMatchObject({ code: 2, codespace: 'sdk' });
  });

  async function job(id: Uint8Array): Promise<Job> {
    const comet = await connectComet(validator.rpcUrl);
    const query = toBinary(QueryJobRequestSchema, create(QueryJobRequestSchema, { id }));
    const { value } = await new QueryClient(comet).queryAbci('/semblance.ml.v1.Query/Job', query);
    comet.disconnect();
    const { job } = fromBinary(QueryJobResponseSchema, value);
    if (job === undefined) throw new Error('no such job');
    return job;
  }

  /** A job from its submission to its payment. */
  async function settleJob(seed: bigint): Promise<Job> {
    const wanted = request({}, { seed });
    const id = idOf(wanted);
    await send(REQUESTER, submitMessage(wanted));
    const members = await until('the committee is drawn', async () => {
      const { members } = await job(id);
      return members.length === 3 ? members : undefined;
    });
    const works = members.map(({ node }, i) => {
      const who = NODES.find(({ address }) => address === node) as Wallet;
      return { who, work: workOf(who, id, picture(i)) };
    });
    await Promise.all(works.map(({ who, work }) => send(who, work.commit)));
    await Promise.all(works.map(({ who, work }) => send(who, work.reveal())));
    return until('the job settles', async () => {
      const now = await job(id);
      return now.phase === JobPhase.SETTLED ? now : undefined;
    });
  }

  test('settles a job', async () => {
    const settled = await settleJob(1n);
    expect(settled).toMatchObject({ verdict: Verdict.AGREED, proposerPayout: '1000' });
    expect(toHex(settled.resultSha256)).toBe(toHex(sha256(picture(0))));
  });

  describe('survives', () => {
    /** Every height keeps its application hash, and the chain goes on. */
    async function examine(before: readonly string[]): Promise<void> {
      expect(await appHashes(validator, before.length)).toEqual(before);
      await reach(validator, before.length + 2);
      await settleJob(BigInt(before.length) + 100n);
    }

    async function hashesSoFar(): Promise<string[]> {
      return appHashes(validator, await heightOf(validator));
    }

    test('kill -9 of the application', async () => {
      const before = await hashesSoFar();
      await validator.killApplication();
      await validator.start();
      await examine(before);
    });

    test('kill -9 of CometBFT', async () => {
      const before = await hashesSoFar();
      await validator.killEngine();
      await validator.start();
      await examine(before);
    });

    test('an engine that does not end after its application', async () => {
      const before = await hashesSoFar();
      process.kill(validator.pids().engine, 'SIGSTOP');
      await validator.killApplication();
      await validator.start();
      await examine(before);
    });

    test('kill -9 of both, time after time', async () => {
      const before = await hashesSoFar();
      for (let i = 0; i < 5; i++) {
        await validator.killBoth();
        await validator.start();
        await reach(validator, (await heightOf(validator)) + 1);
      }
      await examine(before);
    });

    test('the loss of the application state: everything is replayed', async () => {
      const before = await hashesSoFar();
      await validator.stop();
      rmSync(join(validator.paths.application, 'data'), { recursive: true });
      await validator.start();
      await examine(before);
    });
  });
});
