import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeChunk } from '../../packages/chain/src/snapshot/format.ts';
import { REQUESTER } from '../../packages/chain/test/support/ml.ts';
import { sendMessage } from '../../packages/chain/test/support/tx.ts';
import { wallet } from '../../packages/chain/test/support/wallet.ts';
import {
  heightOf,
  reach,
  rpc,
  type TestValidator,
  testValidator,
  until,
} from '../cometbft/network.ts';
import { CHAIN_ID, type Crowd, type CrowdOptions, foundCrowd } from './crowd.ts';
import { deliver } from './traffic.ts';

/*
 * A node that has never seen the chain joins it by CometBFT's state sync, set up by the commands that
 * an operator would use, and is measured meanwhile.
 */

export interface JoinReport {
  readonly validators: number;
  readonly blockMs: number;
  readonly genesis: { readonly bytes: number; readonly toFirstBlockSeconds: number };
  readonly snapshot: {
    readonly height: number;
    /** Leaves of the trees. */
    readonly keys: number;
    readonly chunks: number;
    readonly bytes: number;
    /** From the first file to the last, beside the running chain. */
    readonly seconds: number;
  };
  /** Counted from the start of the fresh node's process. */
  readonly join: {
    readonly toRestoredSeconds: number;
    readonly toFollowingSeconds: number;
    readonly firstHeight: number;
  };
  /** Heights at which the newcomer's application hash was compared with every validator's. */
  readonly compared: { readonly from: number; readonly to: number };
  /** Highest resident memory in MiB. */
  readonly memory: {
    readonly validatorApplication: number;
    readonly freshApplication: number;
    readonly freshEngine: number;
  };
}

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
/** Blocks that the newcomer must have followed. */
const FOLLOWED = 5;
/** For a million keys on a slow machine. */
const PATIENCE_MS = 600_000;

/** Fails if the newcomer's state is not everybody's. `tell` hears how it goes. */
export async function joinByStateSync(
  options: CrowdOptions,
  tell: (line: string) => void,
): Promise<JoinReport> {
  const crowd = await foundCrowd(options);
  try {
    tell(`genesis of ${crowd.genesisBytes} bytes is written`);
    const { validators } = crowd;
    const [first] = validators as [TestValidator];
    const started = performance.now();
    await Promise.all(validators.map((validator) => validator.start()));
    await reachPatiently(first, 1);
    const toFirstBlockSeconds = secondsSince(started);
    tell(`the first block is there after ${toFirstBlockSeconds} s`);
    const snapshot = await snapshotOf(first, options.snapshotEvery);
    tell(`snapshot: ${JSON.stringify(snapshot)}`);
    // Its light client needs the two headers after it.
    await reachPatiently(first, snapshot.height + 3);
    const newcomer = await initNewcomer(crowd);
    try {
      const join = await follow(newcomer, first, snapshot);
      tell(`joined: ${JSON.stringify(join)}`);
      const compared = await compareStates(newcomer, validators);
      return {
        validators: validators.length,
        blockMs: options.blockMs,
        genesis: { bytes: crowd.genesisBytes, toFirstBlockSeconds },
        snapshot,
        join,
        compared,
        memory: {
          validatorApplication: peakMiB(first.pids().application),
          freshApplication: peakMiB(newcomer.pids().application),
          freshEngine: peakMiB(newcomer.pids().engine),
        },
      };
    } finally {
      await newcomer.stop();
    }
  } finally {
    await crowd.remove();
  }
}

async function reachPatiently(validator: TestValidator, height: number): Promise<void> {
  await until(
    `height ${height}`,
    async () => ((await heightOf(validator)) >= height ? true : undefined),
    PATIENCE_MS,
  );
}

/** Waits for the first snapshot, and watches it being made. */
async function snapshotOf(
  { paths }: TestValidator,
  height: number,
): Promise<JoinReport['snapshot']> {
  const directory = join(paths.application, 'snapshots', String(height));
  const isThere = (path: string) =>
    until(path, async () => existsSync(path) || undefined, PATIENCE_MS);
  await Promise.race([isThere(`${directory}.unfinished`), isThere(directory)]);
  const begun = performance.now();
  await isThere(directory);
  const seconds = secondsSince(begun);
  const chunks = readdirSync(directory).filter((name) => name.startsWith('chunk-'));
  const files = chunks.map((name) => join(directory, name));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const keys = files.reduce((sum, file) => sum + leavesIn(readFileSync(file)), 0);
  return { height, keys, chunks: files.length, bytes, seconds };
}

function leavesIn(chunk: Uint8Array): number {
  let leaves = 0;
  for (const node of decodeChunk(chunk)) if (node?.entry !== undefined) leaves += 1;
  return leaves;
}

/** As an operator does it who knows the peers, two RPCs and the genesis. */
async function initNewcomer(crowd: Crowd): Promise<TestValidator> {
  const { paths, rpc: rpcAddress, p2p } = crowd.newcomer;
  const urls = crowd.validators.map(({ rpcUrl }) => rpcUrl);
  const args = ['validator', 'init', '--home', paths.home, '--genesis', crowd.genesisFile];
  args.push('--rpc', rpcAddress, '--p2p', p2p, '--peer', ...crowd.peers, '--state-sync', ...urls);
  await promisify(execFile)(process.execPath, [MAIN, ...args]);
  return testValidator(paths, rpcAddress.replace('tcp', 'http'));
}

/** Starts the newcomer; returns once it has its blocks as soon as the others have them. */
async function follow(
  newcomer: TestValidator,
  other: TestValidator,
  snapshot: JoinReport['snapshot'],
): Promise<JoinReport['join']> {
  const started = performance.now();
  await newcomer.start();
  await until(
    'the snapshot is restored',
    async () => {
      const { response } = await rpc(newcomer.rpcUrl, 'abci_info');
      return Number(response.last_block_height ?? 0) >= snapshot.height || undefined;
    },
    PATIENCE_MS,
  );
  const toRestoredSeconds = secondsSince(started);
  const firstHeight = await until(
    'the newcomer follows',
    async () => {
      const { sync_info: sync } = await rpc(newcomer.rpcUrl, 'status');
      const behind = (await heightOf(other)) - Number(sync.latest_block_height);
      const follows = sync.catching_up === false && behind <= 1;
      return follows ? Number(sync.earliest_block_height) : undefined;
    },
    PATIENCE_MS,
  );
  return { toRestoredSeconds, toFollowingSeconds: secondsSince(started), firstHeight };
}

/** Sends coins through the newcomer and compares all application hashes that it computed. */
async function compareStates(
  newcomer: TestValidator,
  validators: readonly TestValidator[],
): Promise<JoinReport['compared']> {
  const { sync_info: sync } = await rpc(newcomer.rpcUrl, 'status');
  const from = Number(sync.latest_block_height);
  const message = sendMessage(REQUESTER.address, wallet('newcomer').address, 5n);
  await deliver({ url: newcomer.rpcUrl, chainId: CHAIN_ID, signer: REQUESTER }, message);
  const to = (await heightOf(newcomer)) + FOLLOWED;
  await Promise.all([newcomer, ...validators].map((node) => reach(node, to)));
  for (let height = from; height <= to; height++) {
    const [own, ...others] = await Promise.all(
      [newcomer, ...validators].map((node) => appHashAt(node, height)),
    );
    if (others.some((hash) => hash !== own)) {
      throw new Error(`height ${height}: ${own} after state sync, elsewhere ${others.join(', ')}`);
    }
  }
  return { from, to };
}

async function appHashAt({ rpcUrl }: TestValidator, height: number): Promise<string> {
  const { app_hash: hash } = await rpc(rpcUrl, 'block_results', { height: String(height) });
  return hash;
}

const secondsSince = (started: number) => Math.round((performance.now() - started) / 100) / 10;

/** Of the kernel: the most memory that a process has had. */
function peakMiB(pid: number): number {
  const [, kB] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kB) / 1024);
}
