import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { connect } from '@semblance/client/chain';
import { createGenesis, genesisValidator, writeGenesis } from '@semblance/consensus/genesis';
import { loadOrCreateValidatorKey } from '@semblance/consensus/validator-key';
import { sha256 } from '@semblance/core/sha256';
import { type Job, JobPhase, type JobRequest, Verdict } from '@semblance/proto/ml';
import secp256k1 from 'secp256k1/bindings.js';
import { genesisOf } from '../packages/chain/test/support/chain.ts';
import {
  idOf,
  mlGenesis,
  operatorOf,
  request,
  submitMessage,
  workOf,
} from '../packages/chain/test/support/ml.ts';
import { pngOf } from '../packages/chain/test/support/png.ts';
import { type EncodedMessage, signedTx } from '../packages/chain/test/support/tx.ts';
import { sign, type Wallet, wallet } from '../packages/chain/test/support/wallet.ts';
import { startChild } from '../packages/cli/src/network/children.ts';
import { type Measurement, secondsOf } from './measure.ts';
import { followSent } from './sent-transactions.ts';
import { type Submission, submit } from './submission.ts';

export const JOBS = 500;
/** The median counts; one more that comes first only warms up. */
const ROUNDS = 5;
const COMMITTEE = 3;
/** Submit, and a commitment and a reveal of each member. */
const SIGNATURES = 1 + 2 * COMMITTEE;
export const CHAIN_ID = 'semblance-bench-1';
/** Enough of them that the chain never waits for one. */
const CLIENTS = 24;
const REQUESTERS = Array.from({ length: CLIENTS }, (_, n) => wallet(`bench requester ${n}`));
const WORKERS = Array.from({ length: CLIENTS }, (_, n) => wallet(`bench node ${n}`));
/** The smallest picture the model allows: what remains is the chain's own work. */
const SIDE = 32;
/** An hour: signing is not timed, and on a busy machine it may take long. */
const DEADLINE_MS = 3_600_000;

const EMBEDDED: Submission = { batch: 50, method: 'broadcast_tx_sync' };

/**
 * Jobs a second that the chain takes from submission to payout through its public RPC, with a model
 * that costs nothing, beside what verifying their signatures alone would allow on one core. Every
 * signer is a client of its own that sends in batches, each when the one before is answered. The
 * load signs between the phases, untimed, and runs on the machine's other core.
 */
export async function settleRate(): Promise<Measurement> {
  const rounds = await measureRounds();
  rounds.sort((a, b) => a.settled / a.allowed - b.settled / b.allowed);
  const { settled, allowed } = rounds[Math.floor(rounds.length / 2)] as Round;
  return {
    name: 'settled jobs',
    ours: `${settled.toFixed(0)} jobs/s (${JOBS} jobs, committees of ${COMMITTEE})`,
    beside: `${allowed.toFixed(0)} jobs/s if verifying ${SIGNATURES} signatures a job were all`,
    ratio: settled / allowed,
    aim: 'at least 0.25',
  };
}

/** Jobs a second, the two halves of the ratio, measured one right after the other. */
interface Round {
  readonly settled: number;
  readonly allowed: number;
}

async function measureRounds(): Promise<Round[]> {
  const home = mkdtempSync(join(tmpdir(), 'semblance-bench-'));
  const chain = await startChild('chain', chainConfig(home), join(home, 'chain.log'));
  try {
    const load = await openLoad(chain.url, EMBEDDED);
    await settle(load, 0);
    const rounds: Round[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const allowed = 1 / (SIGNATURES * (await secondsPerVerification()));
      rounds.push({ allowed, settled: JOBS / (await settle(load, round)) });
    }
    load.close();
    return rounds;
  } finally {
    await chain.stop();
    rmSync(home, { recursive: true });
  }
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

/** Seconds that the chain takes over the jobs of a round. */
export async function settle(load: Load, round: number): Promise<number> {
  const jobs = Array.from({ length: JOBS }, (_, n) => jobOf(round * JOBS + n));
  let seconds = await load.run(jobs.map(({ from, of }) => [from, submitMessage(of)]));
  const submitted = performance.now();
  // The last ones get their committees in the block after theirs.
  await load.jobs(jobs.slice(-1).map(({ of }) => of));
  seconds += (performance.now() - submitted) / 1000;
  const drawn = await load.jobs(jobs.map(({ of }) => of));
  const works = drawn.flatMap((job) =>
    job.members.map(({ node }) => {
      const worker = WORKERS.find(({ address }) => address === node) as Wallet;
      return { worker, work: workOf(worker, job.id, fileOf(job)) };
    }),
  );
  seconds += await load.run(works.map(({ worker, work }) => [worker, work.commit]));
  seconds += await load.run(works.map(({ worker, work }) => [worker, work.reveal()]));
  const settled = await load.jobs(jobs.map(({ of }) => of));
  const agreed = settled.filter((job) => job.verdict === Verdict.AGREED).length;
  if (agreed !== JOBS) throw new Error(`${agreed} of ${JOBS} jobs agreed`);
  return seconds;
}

function jobOf(n: number): { from: Wallet; of: JobRequest } {
  const from = REQUESTERS[n % REQUESTERS.length] as Wallet;
  const fields = {
    requester: from.address,
    nonce: BigInt(n),
    committeeSize: COMMITTEE,
    deadlineMs: BigInt(DEADLINE_MS),
  };
  return { from, of: request(fields, { width: SIDE, height: SIDE }) };
}

/** A picture of the job's own, the same from every member: machines of one kind agree to the bit. */
function fileOf({ id }: Job): Uint8Array {
  const rows = new Uint8Array(SIDE * (1 + 3 * SIDE));
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const noise = (id[(x + y) % id.length] as number) % 4;
      rows.set([x * 7 + noise, y * 7 + noise, (x + y) * 3], y * (1 + 3 * SIDE) + 1 + 3 * x);
    }
  }
  return pngOf(SIDE, SIDE, deflateSync(rows));
}

/** Everybody who signs, with money, and the nodes. */
export function stateOfJobs() {
  const funded = [...REQUESTERS, ...WORKERS, ...WORKERS.map((_, n) => operatorOf(n))];
  return genesisOf({
    balances: funded.map((of) => ({ of, usem: 10_000_000_000n })),
    ml: mlGenesis({ reveal_window_ms: String(DEADLINE_MS) }, WORKERS),
    staking: { validators: [] },
  });
}

function chainConfig(home: string) {
  const validatorKey = join(home, 'validator.json');
  const genesis = createGenesis({
    chainId: CHAIN_ID,
    timeMs: BigInt(Date.now()),
    validators: [genesisValidator(loadOrCreateValidatorKey(validatorKey).publicKey)],
    appState: stateOfJobs(),
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

type Signed = readonly [from: Wallet, message: EncodedMessage];

export interface Load {
  /** Seconds until all of them are in blocks. Refusals are failures. */
  run(messages: readonly Signed[]): Promise<number>;
  /** The jobs, once they have their committees. */
  jobs(requests: readonly JobRequest[]): Promise<Job[]>;
  close(): void;
}

export async function openLoad(url: string, submission: Submission): Promise<Load> {
  const chain = await connect(url);
  const sent = await followSent(url);
  const signers = new Map<string, { accountNumber: bigint; sequence: bigint }>();

  async function accountOf({ address }: Wallet) {
    const account = await chain.query.account(address);
    if (account === undefined) throw new Error(`no account ${address}`);
    return { accountNumber: account.number, sequence: account.sequence };
  }

  async function signed([from, message]: Signed): Promise<string> {
    const at = signers.get(from.address) ?? (await accountOf(from));
    const { accountNumber, sequence } = at;
    signers.set(from.address, { accountNumber, sequence: sequence + 1n });
    const tx = signedTx([message], [{ wallet: from, accountNumber, sequence }], {
      chainId: CHAIN_ID,
      gas: 1_000_000n,
    });
    return Buffer.from(tx).toString('base64');
  }

  async function drawnJob(id: Uint8Array): Promise<Job> {
    for (;;) {
      const job = await chain.query.job(id);
      if (job === undefined || job.phase === JobPhase.UNSPECIFIED)
        throw new Error('job is missing');
      if (job.members.length > 0) return job;
      if (job.phase === JobPhase.SETTLED) throw new Error(`no committee: ${Verdict[job.verdict]}`);
      await setTimeout(5);
    }
  }

  return {
    async run(messages) {
      const bySigner = new Map<Wallet, string[]>();
      for (const message of messages) {
        const txs = bySigner.get(message[0]) ?? [];
        txs.push(await signed(message));
        // Blocks are read and pings answered meanwhile, or the engine gives its subscriber up.
        await nextTurn();
        bySigner.set(message[0], txs);
      }
      const clients = [...bySigner.values()];
      sent.expect(clients.flat());
      const started = performance.now();
      await Promise.all(clients.map((txs) => submit(url, txs, submission)));
      await sent.inBlocks();
      return (performance.now() - started) / 1000;
    },

    async jobs(requests) {
      const found: Job[] = [];
      for (const one of requests) found.push(await drawnJob(idOf(one)));
      return found;
    },

    close() {
      chain.close();
      sent.close();
    },
  };
}
