import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { connect } from '@semblance/client/chain';
import { validatorHome } from '@semblance/consensus/cometbft/home';
import {
  createGenesis,
  genesisValidator,
  readGenesis,
  writeGenesis,
} from '@semblance/consensus/genesis';
import { startSolo } from '@semblance/consensus/solo';
import { loadOrCreateValidatorKey, readValidatorKey } from '@semblance/consensus/validator-key';
import { toHex } from '@semblance/core/bytes';
import {
  type Job,
  JobPhase,
  QueryJobRequestSchema,
  QueryJobResponseSchema,
  Verdict,
} from '@semblance/proto/ml';
import { BaseAccount } from 'cosmjs-types/cosmos/auth/v1beta1/auth';
import { QueryAccountRequest, QueryAccountResponse } from 'cosmjs-types/cosmos/auth/v1beta1/query';
import { describe, expect, onTestFinished, test } from 'vitest';
import { genesisOf, genesisValidator as stakeOf } from '../../packages/chain/test/support/chain.ts';
import {
  FUNDED,
  idOf,
  mlGenesis,
  NODES,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from '../../packages/chain/test/support/ml.ts';
import { picture } from '../../packages/chain/test/support/png.ts';
import { type EncodedMessage, signedTx } from '../../packages/chain/test/support/tx.ts';
import { type Wallet, wallet } from '../../packages/chain/test/support/wallet.ts';
import { freePorts } from '../../packages/cli/src/network/ports.ts';
import { createRecentBlocks } from '../../packages/sequencer/src/chain/blocks.ts';
import { semblance } from '../e2e/semblance.ts';
import { rpc, testValidator, until, WITHOUT_ENGINE } from './network.ts';

/* A chain stops, and another one goes on from its state, under the same engine or the other. */

/** A chain that runs. Its home is the one that `validator export` is told. */
interface Running {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** Starts an engine in a home that has its key and its genesis. */
type Start = (home: string) => Promise<Running>;

interface Engine {
  readonly start: Start;
  /** Where in a home it looks for the key. */
  readonly keyFile: (home: string) => string;
  readonly genesisFile: (home: string) => string;
}

const embedded: Engine = {
  keyFile: (home) => join(home, 'keys', 'validator.json'),
  genesisFile: (home) => join(home, 'genesis.json'),
  async start(home) {
    const chain = await startSolo({
      home: join(home, 'chain'),
      genesis: readGenesis(embedded.genesisFile(home)),
      validatorKey: readValidatorKey(embedded.keyFile(home)),
      rpc: { host: '127.0.0.1', port: 0 },
      emptyBlockMs: 100,
    });
    return { url: chain.rpcUrl, stop: () => chain.stop() };
  },
};

const cometBft: Engine = {
  keyFile: (home) => validatorHome(home).validatorKey,
  genesisFile: (home) => validatorHome(home).genesis,
  async start(home) {
    const [rpcPort, p2pPort] = await freePorts(2);
    const address = (port: number | undefined) => `tcp://127.0.0.1:${port}`;
    const addresses = ['--rpc', address(rpcPort), '--p2p', address(p2pPort)];
    const made = await semblance('validator', 'init', '--home', home, ...addresses);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const validator = testValidator(validatorHome(home), `http://127.0.0.1:${rpcPort}`);
    await validator.start();
    return { url: validator.rpcUrl, stop: () => validator.stop() };
  },
};

describe.skipIf(WITHOUT_ENGINE !== '')(`a chain is exported${WITHOUT_ENGINE}`, () => {
  test.each([
    ['CometBFT', 'CometBFT', cometBft, cometBft],
    ['embedded', 'embedded', embedded, embedded],
    ['embedded', 'CometBFT', embedded, cometBft],
    ['CometBFT', 'embedded', cometBft, embedded],
  ])(
    'from %s, and an open job settles on the next: %s',
    { timeout: 120_000 },
    async (_from, _to, from, to) => {
      const root = mkdtempSync(join(tmpdir(), 'semblance-export-'));
      onTestFinished(() => rmSync(root, { recursive: true }));
      const oldHome = join(root, 'old');
      const newHome = join(root, 'new');
      foundChain(from, oldHome);
      const old = await running(from, oldHome);
      const wanted = request({ deadlineMs: 600_000n });
      const id = idOf(wanted);
      await deliver(old.url, 'semblance-old-1', REQUESTER, submitMessage(wanted));
      const members = await until('the committee is drawn', async () => {
        const { members } = await job(old.url, id);
        return members.length === 3 ? members.map(({ node }) => node) : undefined;
      });
      const works = NODES.filter(({ address }) => members.includes(address)).map((node, i) => ({
        node,
        work: workOf(node, id, picture(i)),
      }));
      const [first, ...others] = works as [(typeof works)[0], ...typeof works];
      await deliver(old.url, 'semblance-old-1', first.node, first.work.commit);

      const inUse = await exportTo(oldHome, join(root, 'early.json'));
      expect(inUse).toMatchObject({ code: 1, stdout: expect.stringContaining('HOME_IN_USE') });
      await old.stop();
      const file = join(root, 'genesis.json');
      const exported = await exportTo(oldHome, file, '--chain-id', 'semblance-new-1');
      expect(exported).toMatchObject({ code: 0, stderr: '' });
      const told = JSON.parse(exported.stdout);
      expect(told).toMatchObject({ chain_id: 'semblance-new-1', validators: 1 });

      copy(from.keyFile(oldHome), to.keyFile(newHome));
      copySignState(oldHome, newHome);
      copy(file, to.genesisFile(newHome));
      const next = await running(to, newHome);
      const { block } = await until('the first block', () =>
        rpc(next.url, 'block', { height: told.initial_height }),
      );
      expect(block.header).toMatchObject({ height: told.initial_height, chain_id: told.chain_id });
      expect(block.last_commit.signatures).toEqual([]);
      expect(await lowestBlock(next.url)).toBe(Number(told.initial_height));
      for (const { node, work } of others) {
        await deliver(next.url, told.chain_id, node, work.commit);
      }
      for (const { node, work } of works)
        await deliver(next.url, told.chain_id, node, work.reveal());
      const settled = await until('the job settles', async () => {
        const now = await job(next.url, id);
        return now.phase === JobPhase.SETTLED ? now : undefined;
      });
      expect(settled.verdict).toBe(Verdict.AGREED);

      // It lives like any other: it is stopped, goes on, and is exported in its turn.
      await next.stop();
      const again = await to.start(withoutConfig(newHome));
      const { sync_info: sync } = await rpc(again.url, 'status');
      expect(sync.earliest_block_height).toBe(told.initial_height);
      await until('another block', async () => {
        const { sync_info: now } = await rpc(again.url, 'status');
        return Number(now.latest_block_height) > Number(sync.latest_block_height) || undefined;
      });
      const { error } = await rpc(again.url, 'block', { height: '1' }).catch((error) => ({
        error,
      }));
      expect(String(error)).toMatch(/lowest height/);
      await again.stop();
      const third = join(root, 'third.json');
      expect(await exportTo(newHome, third)).toMatchObject({ code: 0, stderr: '' });
      expect(readGenesis(third)).toMatchObject({ chain_id: told.chain_id });
      expect(await exportTo(newHome, third)).toMatchObject({ code: 2 });
    },
  );
});

function foundChain(engine: Engine, home: string): void {
  const keyFile = engine.keyFile(home);
  mkdirSync(dirname(keyFile), { recursive: true });
  const { publicKey } = loadOrCreateValidatorKey(keyFile);
  copySignState(home, home);
  const stake = {
    ...stakeOf(wallet('validator')),
    consensus_pubkey: Buffer.from(publicKey).toString('base64'),
  };
  writeGenesis(
    engine.genesisFile(home),
    createGenesis({
      chainId: 'semblance-old-1',
      timeMs: BigInt(Date.now()),
      validators: [genesisValidator(publicKey)],
      appState: genesisOf({
        balances: FUNDED,
        ml: mlGenesis(),
        staking: { validators: [stake] },
        distribution: { params: { block_reward: '1000001' } },
      }),
    }),
  );
}

async function running(engine: Engine, home: string): Promise<Running> {
  const chain = await engine.start(home);
  onTestFinished(async () => {
    await chain.stop();
  });
  return chain;
}

const exportTo = (home: string, out: string, ...more: string[]) =>
  semblance('validator', 'export', '--home', home, '--out', out, '--json', ...more);

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

/** What was signed last goes with the key; the embedded engine, which keeps no such thing, has none. */
function copySignState(from: string, to: string): void {
  const state = validatorHome(to).signState;
  const before = validatorHome(from).signState;
  mkdirSync(dirname(state), { recursive: true });
  if (existsSync(before)) cpSync(before, state);
  else writeFileSync(state, '{"height":"0","round":0,"step":0}\n', { mode: 0o600 });
}

async function query(url: string, path: string, data: Uint8Array): Promise<Uint8Array> {
  const { response } = await rpc(url, 'abci_query', { path, data: toHex(data) });
  if (response.code !== 0) throw new Error(response.log);
  return new Uint8Array(Buffer.from(response.value ?? '', 'base64'));
}

async function job(url: string, id: Uint8Array): Promise<Job> {
  const data = toBinary(QueryJobRequestSchema, create(QueryJobRequestSchema, { id }));
  const value = await query(url, '/semblance.ml.v1.Query/Job', data);
  return fromBinary(QueryJobResponseSchema, value).job as Job;
}

/** Sends a message and waits until it is done in a block. */
async function deliver(url: string, chainId: string, signer: Wallet, message: EncodedMessage) {
  const { accountNumber, sequence } = await account(url, signer);
  const tx = signedTx([message], [{ wallet: signer, accountNumber, sequence }], { chainId });
  const sent = await rpc(url, 'broadcast_tx_sync', { tx: Buffer.from(tx).toString('base64') });
  expect(sent).toMatchObject({ code: 0 });
  const done = await until('the transaction', () => rpc(url, 'tx', { hash: base64Of(sent.hash) }));
  expect(done.tx_result).toMatchObject({ code: 0 });
}

const base64Of = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

async function account(url: string, { address }: Wallet): Promise<BaseAccount> {
  const data = QueryAccountRequest.encode({ address }).finish();
  return until('the account', async () => {
    const value = await query(url, '/cosmos.auth.v1beta1.Query/Account', data);
    return BaseAccount.decode(
      QueryAccountResponse.decode(value).account?.value ?? new Uint8Array(),
    );
  });
}

/** The oldest block that the gateway's list of blocks goes down to. */
async function lowestBlock(url: string): Promise<number | undefined> {
  const chain = await connect(url);
  try {
    const blocks = await createRecentBlocks(chain)(1000);
    return blocks.at(-1)?.height;
  } finally {
    chain.close();
  }
}

/** A home whose engine is told anew where to listen. */
function withoutConfig(home: string): string {
  rmSync(validatorHome(home).config, { force: true });
  return home;
}
