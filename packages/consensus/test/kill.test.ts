import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing';
import { coins, SigningStargateClient } from '@cosmjs/stargate';
import { createApplication } from '@semblance/chain/app';
import type { Application } from '@semblance/chain/application';
import type { Store } from '@semblance/chain/store';
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGenesis, readGenesis, writeGenesis } from '../src/genesis.ts';
import { runSolo } from '../src/solo/run.ts';
import { loadOrCreateValidatorKey } from '../src/validator-key.ts';
import { kvstore } from './fixtures/kvstore.ts';
import { lose, rpc, temporaryHome, txOf } from './fixtures/solo.ts';

/*
 * kill -9 at random instants, under traffic: what was reported stays, and every height keeps its
 * hashes. SOLO_KILLS sets the number of kills of each application (the long run takes 200).
 */

const KILLS = Number(process.env.SOLO_KILLS ?? 0);
const PROCESS = fileURLToPath(new URL('./fixtures/solo-process.ts', import.meta.url));

/** What clients were told, over all lives of the chain. */
interface Witness {
  /** Height by transaction hash, of transactions reported as included. */
  readonly included: Map<string, string>;
  /** Block hash and app hash by height. */
  readonly blocks: Map<string, { hash: string; appHash: string }>;
}

/** Sends transactions until the chain dies; calls back for each that is reported included. */
type Traffic = (url: string, onIncluded: (hash: string, height: string) => void) => Promise<void>;

function startProcess(directory: string, name: string): ChildProcess {
  const child = spawn(process.execPath, [PROCESS, directory, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`the chain ended: ${child.exitCode}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Follows blocks over a socket, which says more than one question after the other would. */
function follow(url: string, witness: Witness): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket`);
  const ready = Promise.withResolvers<void>();
  socket.onopen = () =>
    socket.send(`{"id":1,"method":"subscribe","params":["tm.event='NewBlock'"]}`);
  socket.onmessage = ({ data }) => {
    const { result } = JSON.parse(String(data));
    ready.resolve();
    if (result.data === undefined) return;
    const { block, block_id: id, result_finalize_block: results } = result.data.value;
    note(witness, block.header.height, { hash: id.hash, appHash: results.app_hash });
  };
  socket.onclose = () => ready.resolve();
  return ready.promise;
}

function note(witness: Witness, height: string, block: { hash: string; appHash: string }): void {
  expect(witness.blocks.get(height) ?? block).toEqual(block);
  witness.blocks.set(height, block);
}

/** Everything that was ever reported must still be there, the same. */
async function examine(url: string, witness: Witness): Promise<void> {
  const batch = async (calls: { method: string; params: object }[]) => {
    const answers = [];
    for (let at = 0; at < calls.length; at += 50) {
      const body = calls.slice(at, at + 50).map((call, id) => ({ jsonrpc: '2.0', id, ...call }));
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      answers.push(...((await response.json()) as { result: Record<string, string> }[]));
    }
    return answers.map(({ result }) => result);
  };
  const txs = [...witness.included];
  const found = await batch(
    txs.map(([hash]) => ({
      method: 'tx',
      params: { hash: Buffer.from(hash, 'hex').toString('base64') },
    })),
  );
  expect(found.map((tx) => [tx?.hash, tx?.height])).toEqual(txs);
  const heights = [...witness.blocks.keys()];
  const results = await batch(
    heights.map((height) => ({ method: 'block_results', params: { height } })),
  );
  const commits = await batch(heights.map((height) => ({ method: 'commit', params: { height } })));
  const now = heights.map((height, i) => {
    const commit = commits[i] as unknown as {
      signed_header: { commit: { block_id: { hash: string } } };
    };
    const { hash } = commit.signed_header.commit.block_id;
    return [height, { hash, appHash: results[i]?.app_hash }];
  });
  expect(now).toEqual([...witness.blocks]);
}

async function killLoop(
  directory: string,
  name: string,
  create: (store: Store) => Application,
  kills: number,
  traffic: Traffic,
): Promise<Witness> {
  const witness: Witness = { included: new Map(), blocks: new Map() };
  for (let life = 0; life < kills; life++) {
    const child = startProcess(directory, name);
    // Some die while they start, catch up or make their first block.
    if (life % 5 === 4) await delay(Math.random() * 600);
    else await liveUntilKilled(child, witness, traffic);
    await kill(child);
  }
  await examineReplayed(directory, create, witness);
  return witness;
}

/** Examines what the lives before left, and returns at a random instant of the traffic. */
async function liveUntilKilled(
  child: ChildProcess,
  witness: Witness,
  traffic: Traffic,
): Promise<void> {
  const url = await addressOf(child);
  await examine(url, witness);
  await follow(url, witness);
  let wanted = 1 + Math.floor(Math.random() * 12);
  const enough = Promise.withResolvers<void>();
  const sending = traffic(url, (hash, height) => {
    witness.included.set(hash, height);
    if (--wanted === 0) enough.resolve();
  });
  await Promise.race([enough.promise, sending]);
  await delay(Math.random() * 20);
  await kill(child);
  await sending;
}

/** Starts once more as it was left, and once more with the state gone: everything is replayed. */
async function examineReplayed(
  directory: string,
  create: (store: Store) => Application,
  witness: Witness,
): Promise<void> {
  const options = {
    home: join(directory, 'home'),
    genesis: readGenesis(join(directory, 'genesis.json')),
    validatorKey: loadOrCreateValidatorKey(join(directory, 'key.json')),
    rpc: { host: '127.0.0.1', port: 0 },
  };
  const survivor = await runSolo(options, create);
  await examine(survivor.rpcUrl, witness);
  await survivor.stop();
  await lose(options.home, ['state']);
  const replayed = await runSolo(options, create);
  await examine(replayed.rpcUrl, witness);
  await replayed.stop();
}

function prepare(chainId: string, appState: unknown): string {
  const directory = temporaryHome();
  const { publicKey } = loadOrCreateValidatorKey(join(directory, 'key.json'));
  const genesis = createGenesis({
    chainId,
    timeMs: 1_700_000_000_000n,
    validatorPublicKey: publicKey,
    appState,
  });
  writeGenesis(join(directory, 'genesis.json'), genesis);
  return directory;
}

let counter = 0;

/** Several senders, each with one transaction on its way, of very different lengths. */
const keyValues: Traffic = async (url, onIncluded) => {
  const send = async () => {
    for (;;) {
      const length = counter % 7 === 0 ? 50_000 : 20;
      const tx = txOf(`k${counter % 50}=${counter++}`.padEnd(length, '.'));
      const { result } = await rpc(url, 'broadcast_tx_commit', { tx });
      if (result.height !== '0') onIncluded(result.hash, result.height);
    }
  };
  const died = () => undefined;
  await Promise.all([send(), send(), send(), send()].map((sender) => sender.catch(died)));
};

describe('kill -9', () => {
  it('loses nothing of a key-value store', { timeout: 60_000 + KILLS * 5000 }, async () => {
    const directory = prepare('kvstore-1', {});
    const witness = await killLoop(directory, 'kvstore', kvstore, KILLS || 10, keyValues);
    expect(witness.included.size).toBeGreaterThan(10);
    expect(witness.blocks.size).toBeGreaterThan(10);
  });

  it('loses nothing of the chain', { timeout: 60_000 + KILLS * 5000 }, async () => {
    const wallet = await DirectSecp256k1HdWallet.generate(12, { prefix: 'sem' });
    const [account] = await wallet.getAccounts();
    const sender = account?.address ?? '';
    const directory = prepare('semblance-kill-1', {
      auth: { params: { bech32_prefix: 'sem', min_gas_price_milli: '1' } },
      bank: { balances: [{ address: sender, coins: [{ denom: 'usem', amount: '1000000000' }] }] },
      producers: [],
      ml: { params: {}, models: [], nodes: [] },
    });
    const sends: Traffic = async (url, onIncluded) => {
      const send = async () => {
        const client = await SigningStargateClient.connectWithSigner(url, wallet);
        let { accountNumber, sequence } = await client.getSequence(sender);
        const value = { fromAddress: sender, toAddress: sender, amount: coins(1, 'usem') };
        const message = { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value };
        const fee = { amount: coins(1000, 'usem'), gas: '200000' };
        const chainId = 'semblance-kill-1';
        for (;;) {
          const data = { accountNumber, sequence: sequence++, chainId };
          const signed = TxRaw.encode(await client.sign(sender, [message], fee, '', data)).finish();
          const tx = Buffer.from(signed).toString('base64');
          const { result } = await rpc(url, 'broadcast_tx_commit', { tx });
          expect([result.check_tx.code, result.tx_result.code]).toEqual([0, 0]);
          onIncluded(result.hash, result.height);
        }
      };
      await send().catch((error: unknown) => {
        // Any other failure is the chain's death, which is what this is about.
        if (error instanceof Error && error.name === 'AssertionError') throw error;
      });
    };
    const create = (store: Store) => createApplication({ store });
    const witness = await killLoop(directory, 'chain', create, KILLS || 5, sends);
    expect(witness.included.size).toBeGreaterThan(3);
    expect(witness.blocks.size).toBeGreaterThan(3);
  });
});
