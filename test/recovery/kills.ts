import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeIdentity, validatorHome, writeConfig } from '@semblance/consensus/cometbft/home';
import { writeGenesis } from '@semblance/consensus/genesis';
import { NODES, REQUESTER, request, submitMessage } from '../../packages/chain/test/support/ml.ts';
import { delegate } from '../../packages/chain/test/support/staking.ts';
import { sendMessage } from '../../packages/chain/test/support/tx.ts';
import { type Wallet, wallet } from '../../packages/chain/test/support/wallet.ts';
import { freePorts } from '../../packages/cli/src/network/ports.ts';
import { rpc, until } from '../cometbft/network.ts';
import { CHAIN_ID, crowdGenesis } from './crowd.ts';
import { readRecording } from './recording.ts';
import { replay } from './replay.ts';
import { BLOCK_STAGES, CHECKPOINT_STAGES, SNAPSHOT_STAGES, type Stage } from './stages.ts';
import { submit } from './traffic.ts';

/*
 * `kill -9` at every stage of a block, life after life of one chain under traffic. In the end the chain
 * must have, at every height, the application hash of an undisturbed run over the same blocks.
 */

export type EngineName = 'solo' | 'cometbft';

export interface KillReport {
  readonly engine: EngineName;
  readonly kills: number;
  /** How often the chain died at each stage. */
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
  /** Lives that ended before they had served anybody: in the replay of the block before. */
  readonly diedStarting: number;
  readonly heights: number;
  readonly transactions: number;
  /** Heights executed again with the same block, and those at which another block took its place. */
  readonly repeated: number;
  readonly replaced: number;
}

export const STAGES: Readonly<Record<EngineName, readonly Stage[]>> = {
  solo: [...BLOCK_STAGES, ...CHECKPOINT_STAGES],
  cometbft: [...BLOCK_STAGES, ...CHECKPOINT_STAGES, ...SNAPSHOT_STAGES],
};

const PROCESS = fileURLToPath(new URL('./doomed-process.ts', import.meta.url));
/** Keys enough for a snapshot of two chunks. */
const HOLDERS = 14_000;
const LIFE_MS = 120_000;
const RESULTS_MS = 10_000;

/** Fails if anything that was once reported changed, or if the undisturbed run differs. */
export async function killAtEveryStage(
  engine: EngineName,
  kills: number,
  tell: (line: string) => void,
): Promise<KillReport> {
  const chain = await foundChain(engine);
  try {
    const stages: Partial<Record<Stage, number>> = {};
    let diedStarting = 0;
    for (let life = 0; life < kills; life++) {
      const stage = STAGES[engine][life % STAGES[engine].length] as Stage;
      // Of the first lives some die in genesis; later ones while what is missing is replayed.
      const end = await liveAndDie(chain, stage, life % 5 === 3 ? 'from the start' : 'when served');
      stages[stage] = (stages[stage] ?? 0) + 1;
      if (end === 'before it served') diedStarting += 1;
      tell(`${life + 1}/${kills} ${stage}: ${end}, height ${chain.witness.size}`);
    }
    const heights = await examineSurvivor(chain);
    const { blocks, repeated, replaced } = readRecording(chain.recording);
    const transactions = blocks.reduce((sum, { txs }) => sum + txs.length, 0);
    return { engine, kills, stages, diedStarting, heights, transactions, repeated, replaced };
  } finally {
    chain.remove();
  }
}

interface Chain {
  readonly engine: EngineName;
  readonly home: string;
  readonly recording: string;
  /** Application hash by height, as clients were told over all lives. */
  readonly witness: Map<number, string>;
  remove(): void;
}

async function foundChain(engine: EngineName): Promise<Chain> {
  const root = mkdtempSync(join(tmpdir(), 'semblance-kills-'));
  const paths = validatorHome(join(root, 'home'));
  const { key } = makeIdentity(paths);
  writeGenesis(paths.genesis, crowdGenesis([key.publicKey], HOLDERS));
  const [rpcPort, p2pPort] = await freePorts(2);
  writeConfig(paths, {
    moniker: 'doomed',
    application: paths.socket,
    rpc: `tcp://127.0.0.1:${rpcPort}`,
    p2p: `tcp://127.0.0.1:${p2pPort}`,
    blockMs: 1,
  });
  return {
    engine,
    home: paths.home,
    recording: join(root, 'recording.jsonl'),
    witness: new Map(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** One life: starts what the last one left, examines it, and returns once it is dead. */
async function liveAndDie(
  chain: Chain,
  stage: Stage,
  armed: 'from the start' | 'when served',
): Promise<'served' | 'before it served'> {
  const child = startChain(chain, stage);
  const died = once(child, 'exit');
  const deadline = AbortSignal.timeout(LIFE_MS);
  try {
    if (armed === 'from the start') child.stdin?.end('\n');
    const url = await addressOf(child);
    if (url === undefined) {
      await died;
      requireKilled(child, stage);
      return 'before it served';
    }
    await note(chain, url).catch((error: unknown) => {
      if (armed === 'when served' || error instanceof DifferentHash) throw error;
    });
    child.stdin?.end('\n');
    for (let round = 0; isRunning(child); round++) {
      deadline.throwIfAborted();
      // The chain may die while it is asked.
      await Promise.race([died, sendSome(url, round).catch(() => delay(10))]);
    }
    requireKilled(child, stage);
    return 'served';
  } finally {
    // Its deadline may have passed without its stage; then it has not died of it.
    child.kill('SIGTERM');
    await died;
  }
}

/** Any other end is a failure of the chain itself. */
function requireKilled({ signalCode, exitCode }: ChildProcess, stage: Stage): void {
  if (signalCode === 'SIGKILL') return;
  throw new Error(`the chain ended with ${exitCode ?? signalCode} instead of dying ${stage}`);
}

function startChain({ engine, home, recording }: Chain, stage: Stage | ''): ChildProcess {
  const args = [PROCESS, engine, home, recording, stage];
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode === null && signalCode === null;

/** Undefined if the process ends before it serves anybody. */
async function addressOf(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  return undefined;
}

class DifferentHash extends Error {}

/** What the chain says of each height must be what it said before. */
async function note({ witness }: Chain, url: string): Promise<number> {
  const { sync_info: sync } = await rpc(url, 'status');
  const latest = Number(sync.latest_block_height);
  const unsure = Math.max(1, witness.size - 5);
  for (let height = unsure; height <= latest; height++) {
    // CometBFT tells of a block before it has the results.
    const results = () => rpc(url, 'block_results', { height: String(height) });
    const { app_hash: hash } = await until(`results of ${height}`, results, RESULTS_MS);
    const before = witness.get(height);
    if (before !== undefined && before !== hash) {
      throw new DifferentHash(`height ${height}: ${hash}, before it was ${before}`);
    }
    witness.set(height, hash);
  }
  if (latest < witness.size) throw new DifferentHash(`${latest} of ${witness.size} heights`);
  return latest;
}

/** Transfers, stakes and jobs of several senders, so that blocks have something to do. */
async function sendSome(url: string, round: number): Promise<void> {
  const to = NODES.map(({ address }) => address);
  await Promise.all(
    [REQUESTER, ...NODES.slice(0, 2)].map((signer: Wallet, i) =>
      submit(
        { url, chainId: CHAIN_ID, signer },
        [sendMessage(signer.address, to[(round + i) % to.length] as string, 1n)],
        [
          sendMessage(signer.address, `${to[i]}`, 2n),
          delegate(signer, wallet('validator 0'), 1000n),
        ],
        [
          i === 0
            ? submitMessage(request({}, { seed: BigInt(Date.now()) }))
            : sendMessage(signer.address, REQUESTER.address, 3n),
        ],
      ),
    ),
  );
}

/** The last life: everything is compared with a run of the same blocks that nothing disturbed. */
async function examineSurvivor(chain: Chain): Promise<number> {
  const child = startChain(chain, '');
  let heights: number;
  try {
    const url = await addressOf(child);
    if (url === undefined) throw new Error('the chain does not start');
    const before = chain.witness.size;
    await until('new blocks', async () =>
      (await note(chain, url)) > before + 2 ? true : undefined,
    );
    await noteAll(chain, url);
    heights = chain.witness.size;
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const { appHashes, brokenInvariants } = await replay(readRecording(chain.recording));
  if (brokenInvariants.length > 0) throw new Error(`broken: ${JSON.stringify(brokenInvariants)}`);
  for (const [height, hash] of chain.witness) {
    const undisturbed = appHashes[height];
    if (undisturbed !== Buffer.from(hash, 'base64').toString('hex')) {
      throw new DifferentHash(`height ${height}: ${hash}, undisturbed ${undisturbed}`);
    }
  }
  const snapshots = join(chain.home, 'application', 'snapshots');
  const left = existsSync(snapshots) ? readdirSync(snapshots) : [];
  const unfinished = left.filter((name) => name.endsWith('.unfinished'));
  if (unfinished.length > 1) throw new Error(`left behind: ${unfinished.join()}`);
  return heights;
}

async function noteAll(chain: Chain, url: string): Promise<void> {
  const said = new Map(chain.witness);
  chain.witness.clear();
  await note(chain, url);
  for (const [height, hash] of said) {
    if (chain.witness.get(height) !== hash) throw new DifferentHash(`height ${height} changed`);
  }
}
