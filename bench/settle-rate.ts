import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@semblance/client/chain';
import { createGenesis, writeGenesis } from '@semblance/consensus/genesis';
import { loadOrCreateValidatorKey } from '@semblance/consensus/validator-key';
import { sha256 } from '@semblance/core/sha256';
import { type Job, JobPhase, type JobRequest, Verdict } from '@semblance/proto/ml';
import secp256k1 from 'secp256k1/bindings.js';
import { genesisOf } from '../packages/chain/test/support/chain.ts';
import {
  idOf,
  mlGenesis,
  NODES,
  operatorOf,
  request,
  submitMessage,
  workOf,
} from '../packages/chain/test/support/ml.ts';
import { picture } from '../packages/chain/test/support/png.ts';
import { type EncodedMessage, signedTx } from '../packages/chain/test/support/tx.ts';
import { sign, type Wallet, wallet } from '../packages/chain/test/support/wallet.ts';
import { startChild } from '../packages/cli/src/network/children.ts';
import { type Measurement, secondsOf } from './measure.ts';

const JOBS = 300;
const COMMITTEE = 3;
/** Submit, and a commitment and a reveal of each member. */
const SIGNATURES = 1 + 2 * COMMITTEE;
const CHAIN_ID = 'semblance-bench-1';
const REQUESTERS = Array.from({ length: 8 }, (_, n) => wallet(`bench requester ${n}`));
/** The smallest picture the model allows: what remains is the chain's own work. */
const FILE = picture(0, 32);
const BATCH = 50;

/**
 * Jobs a second that the chain takes from submission to payout through its public RPC, with a model
 * that costs nothing, beside what verifying their signatures alone would allow on one core. The load
 * signs between the phases, untimed, and runs on the machine's other core.
 */
export async function settleRate(): Promise<Measurement> {
  const verified = 1 / (await secondsPerVerification());
  const settled = await settledPerSecond();
  const allowed = verified / SIGNATURES;
  return {
    name: 'settled jobs',
    ours: `${settled.toFixed(0)} jobs/s (${JOBS} jobs, committees of ${COMMITTEE})`,
    beside: `${allowed.toFixed(0)} jobs/s if verifying ${SIGNATURES} signatures a job were all`,
    ratio: settled / allowed,
    aim: 'at least 0.25',
  };
}

async function secondsPerVerification(): Promise<number> {
  const key = REQUESTERS[0] as Wallet;
  const message = new Uint8Array(300);
  const signature = sign(key, message);
  const digest = sha256(message);
  const count = 2_000;
  const seconds = await secondsOf(() => {
    for (let n = 0; n < count; n++) secp256k1.ecdsaVerify(signature, digest, key.publicKey);
  });
  return seconds / count;
}

async function settledPerSecond(): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'semblance-bench-'));
  const chain = await startChild('chain', chainConfig(home), join(home, 'chain.log'));
  try {
    const load = await openLoad(chain.url);
    const jobs = Array.from({ length: JOBS }, (_, n) => jobOf(n));
    let seconds = await load.run(jobs.map(({ from, of }) => [from, submitMessage(of)]));
    const drawn = await load.jobs(jobs.map(({ of }) => of));
    const works = drawn.flatMap((job) =>
      job.members.map(({ node }) => {
        const worker = NODES.find(({ address }) => address === node) as Wallet;
        return { worker, work: workOf(worker, job.id, FILE) };
      }),
    );
    seconds += await load.run(works.map(({ worker, work }) => [worker, work.commit]));
    seconds += await load.run(works.map(({ worker, work }) => [worker, work.reveal()]));
    const settled = await load.jobs(jobs.map(({ of }) => of));
    const agreed = settled.filter((job) => job.verdict === Verdict.AGREED).length;
    if (agreed !== JOBS) throw new Error(`${agreed} of ${JOBS} jobs agreed`);
    load.close();
    return JOBS / seconds;
  } finally {
    await chain.stop();
    rmSync(home, { recursive: true });
  }
}

function jobOf(n: number): { from: Wallet; of: JobRequest } {
  const from = REQUESTERS[n % REQUESTERS.length] as Wallet;
  const fields = { requester: from.address, nonce: BigInt(n), committeeSize: COMMITTEE };
  return { from, of: request(fields, { width: 32, height: 32 }) };
}

function chainConfig(home: string) {
  const validatorKey = join(home, 'validator.json');
  const funded = [...REQUESTERS, ...NODES, ...NODES.map((_, i) => operatorOf(i))];
  const genesis = createGenesis({
    chainId: CHAIN_ID,
    timeMs: BigInt(Date.now()),
    validatorPublicKey: loadOrCreateValidatorKey(validatorKey).publicKey,
    appState: genesisOf({
      balances: funded.map((of) => ({ of, usem: 10_000_000_000n })),
      ml: mlGenesis(),
    }),
  });
  writeGenesis(join(home, 'genesis.json'), genesis);
  return {
    role: 'chain' as const,
    home: join(home, 'chain'),
    genesis: join(home, 'genesis.json'),
    validatorKey,
    port: 0,
  };
}

async function openLoad(url: string) {
  const chain = await connect(url);
  const signers = new Map<string, { accountNumber: bigint; sequence: bigint }>();

  async function accountOf({ address }: Wallet) {
    const account = await chain.query.account(address);
    if (account === undefined) throw new Error(`no account ${address}`);
    return { accountNumber: account.number, sequence: account.sequence };
  }

  async function signed([from, message]: readonly [Wallet, EncodedMessage]): Promise<string> {
    const at = signers.get(from.address) ?? (await accountOf(from));
    const { accountNumber, sequence } = at;
    signers.set(from.address, { accountNumber, sequence: sequence + 1n });
    const tx = signedTx([message], [{ wallet: from, accountNumber, sequence }], {
      chainId: CHAIN_ID,
      gas: 1_000_000n,
    });
    return Buffer.from(tx).toString('base64');
  }

  /** Seconds until all of them are in blocks. Refusals are failures. */
  async function run(messages: readonly (readonly [Wallet, EncodedMessage])[]): Promise<number> {
    const txs: string[] = [];
    for (const message of messages) txs.push(await signed(message));
    const started = performance.now();
    for (let n = 0; n < txs.length; n += BATCH) await broadcast(url, txs.slice(n, n + BATCH));
    while ((await rpc<{ n_txs: string }>(url, 'num_unconfirmed_txs', {})).n_txs !== '0') {}
    return (performance.now() - started) / 1000;
  }

  async function jobs(requests: readonly JobRequest[]): Promise<Job[]> {
    const found: Job[] = [];
    for (const one of requests) {
      const job = await chain.query.job(idOf(one));
      if (job === undefined || job.phase === JobPhase.UNSPECIFIED)
        throw new Error('job is missing');
      found.push(job);
    }
    return found;
  }

  return { run, jobs, close: () => chain.close() };
}

async function broadcast(url: string, txs: readonly string[]): Promise<void> {
  const calls = txs.map((tx, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'broadcast_tx_sync',
    params: { tx },
  }));
  const answers = await post<{ result?: { code: number; log: string }; error?: unknown }[]>(
    url,
    calls,
  );
  for (const { result, error } of answers) {
    if (result?.code !== 0) throw new Error(result?.log ?? JSON.stringify(error));
  }
}

async function rpc<T>(url: string, method: string, params: object): Promise<T> {
  return (await post<{ result: T }>(url, { jsonrpc: '2.0', id: 1, method, params })).result;
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as T;
}
