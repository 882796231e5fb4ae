import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import {
  makeIdentity,
  type ValidatorHome,
  validatorHome,
  writeConfig,
} from '@semblance/consensus/cometbft/home';
import { createGenesis, genesisValidator, writeGenesis } from '@semblance/consensus/genesis';
import { SemblanceError } from '@semblance/core/errors';
import type { AppState } from '../../packages/chain/src/genesis.ts';
import { genesisOf, genesisValidator as stakeOf } from '../../packages/chain/test/support/chain.ts';
import { FUNDED, mlGenesis } from '../../packages/chain/test/support/ml.ts';
import { wallet } from '../../packages/chain/test/support/wallet.ts';
import { freePorts } from '../../packages/cli/src/network/ports.ts';

/* Real validators on this machine, each as its operator would run it: `semblance validator start`. */

export const CHAIN_ID = 'semblance-cometbft-1';
const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const HOST = '127.0.0.1';

/** Why tests with the engine cannot run here; empty if they can. */
export const WITHOUT_ENGINE: string = (() => {
  try {
    findEngine();
    return '';
  } catch (error) {
    if (error instanceof SemblanceError) return ` (not run: ${error.message})`;
    throw error;
  }
})();

/** Runs `act` until it returns something, and fails at the deadline with what it threw last. */
export async function until<T>(
  what: string,
  act: () => Promise<T | undefined>,
  deadlineMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await act();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    await delay(50);
  }
  throw new Error(`not within ${deadlineMs} ms: ${what}`, { cause: last });
}

/** One validator, which can be killed and started again. */
export interface TestValidator {
  readonly rpcUrl: string;
  readonly paths: ValidatorHome;
  /** Of the application while it runs, and of its engine. */
  pids(): { readonly application: number; readonly engine: number };
  start(): Promise<void>;
  stop(): Promise<void>;
  /** `kill -9` of the application; returns once CometBFT has ended because of it. */
  killApplication(): Promise<void>;
  /** `kill -9` of CometBFT; returns once the application has ended because of it. */
  killEngine(): Promise<void>;
  /** `kill -9` of both. */
  killBoth(): Promise<void>;
}

export interface TestNetwork {
  readonly validators: readonly TestValidator[];
  /** Stops everything and forgets it. */
  remove(): Promise<void>;
}

/** Where a validator runs. */
export interface Place {
  /** The address that it listens on. */
  readonly address: string;
  /** What its command is run by, if not by this process itself. */
  readonly within: readonly string[];
}

export interface NetworkOptions {
  /** Parameters that are not the usual ones. */
  readonly slashing?: NonNullable<AppState['slashing']>;
  /** Models, nodes and parameters. Default: those of the ml tests. */
  readonly ml?: AppState['ml'];
  /** Who has money. Default: everybody of the ml tests. */
  readonly balances?: typeof FUNDED;
  /** How long a proposer that is away is waited for. Default: CometBFT's 3 s. */
  readonly proposeMs?: number;
  /** One a validator. Default: all on loopback. */
  readonly places?: readonly Place[];
  /** How many are started, the first ones. Default: all. */
  readonly started?: number;
}

/** A chain from nothing, with everybody of the ml tests funded, and its validators started. */
export async function startNetwork(
  count: number,
  blockMs: number,
  options: NetworkOptions = {},
): Promise<TestNetwork> {
  const { slashing = {}, ml = mlGenesis(), balances = FUNDED, proposeMs, places = [] } = options;
  const { started = count } = options;
  const addressOf = (i: number) => places[i]?.address ?? HOST;
  const root = mkdtempSync(join(tmpdir(), 'semblance-net-'));
  const homes = Array.from({ length: count }, (_, i) => validatorHome(join(root, String(i))));
  const identities = homes.map(makeIdentity);
  const ports = await freePorts(2 * count);
  const p2pOf = (i: number) => `${addressOf(i)}:${ports[count + i]}`;
  // The accounts of nobody who signs here: what the validators earn stays where it is.
  const validators = identities.map(({ key }, i) => ({
    ...stakeOf(wallet(`validator ${i}`)),
    consensus_pubkey: Buffer.from(key.publicKey).toString('base64'),
  }));
  const genesis = createGenesis({
    chainId: CHAIN_ID,
    timeMs: BigInt(Date.now()),
    validators: identities.map(({ key }, i) => genesisValidator(key.publicKey, `validator ${i}`)),
    appState: genesisOf({ balances, ml, staking: { validators }, slashing }),
  });
  for (const [i, paths] of homes.entries()) {
    writeGenesis(paths.genesis, genesis);
    writeConfig(paths, {
      moniker: `validator-${i}`,
      application: paths.socket,
      rpc: `tcp://${addressOf(i)}:${ports[i]}`,
      p2p: `tcp://${p2pOf(i)}`,
      peers: identities.flatMap(({ nodeId }, j) => (i === j ? [] : [`${nodeId}@${p2pOf(j)}`])),
      blockMs,
    });
    if (proposeMs !== undefined) hurry(paths, proposeMs);
  }
  const running = homes.map((paths, i) =>
    testValidator(paths, `http://${addressOf(i)}:${ports[i]}`, [], places[i]?.within),
  );
  await Promise.all(running.slice(0, started).map((validator) => validator.start()));
  return {
    validators: running,
    async remove() {
      await Promise.all(running.map((validator) => validator.stop()));
      rmSync(root, { recursive: true });
    },
  };
}

/** Rounds without a proposal end early, as they may where all validators are near each other. */
function hurry({ config }: ValidatorHome, proposeMs: number): void {
  const timeouts = `timeout_propose = "${proposeMs}ms"\ntimeout_precommit = "300ms"`;
  const text = readFileSync(config, 'utf8');
  writeFileSync(config, text.replace('[consensus]', `[consensus]\n${timeouts}`));
}

/** A validator over a home that is ready; `args` go to `validator start`, run by `within`. */
export function testValidator(
  paths: ValidatorHome,
  rpcUrl: string,
  args: readonly string[] = [],
  within: readonly string[] = [],
): TestValidator {
  let running: ChildProcess | undefined;
  const closed = async (child: ChildProcess) => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    running = undefined;
  };
  const current = () => {
    if (running === undefined) throw new Error('the validator is not running');
    return running;
  };
  const kill = async (pids: readonly number[]) => {
    const child = current();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    // The engine ends by itself or is ended by the next start.
    await closed(child);
  };
  return {
    rpcUrl,
    paths,
    pids: () => ({ application: current().pid as number, engine: enginePid(paths) }),
    async start() {
      running = await launch(paths, args, within);
    },
    async stop() {
      if (running === undefined) return;
      running.kill('SIGTERM');
      await closed(running);
    },
    killApplication: () => kill([current().pid as number]),
    killEngine: () => kill([enginePid(paths)]),
    killBoth: () => kill([enginePid(paths), current().pid as number]),
  };
}

/** Resolves once the validator says where its RPC is. */
function launch(
  { home }: ValidatorHome,
  args: readonly string[],
  within: readonly string[],
): Promise<ChildProcess> {
  const start = [process.execPath, MAIN, 'validator', 'start', '--home', home, ...args];
  const [command, ...rest] = [...within, ...start] as [string, ...string[]];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      if (/^cometbft 0\.38\.\S+ {2}http/m.test(output)) resolve(child);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the validator ended with ${code}: ${output}`)));
  });
}

/** The CometBFT that runs over a home, found by its command line. */
function enginePid({ home }: ValidatorHome): number {
  const found = readdirSync('/proc').find((pid) => {
    const args = commandLine(pid);
    return args[1] === 'start' && args[2] === '--home' && args[3] === home;
  });
  if (found === undefined) throw new Error(`no engine runs over ${home}`);
  return Number(found);
}

function commandLine(pid: string): readonly string[] {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') : [];
  } catch {
    return []; // it has just ended
  }
}

/** One call of CometBFT's JSON-RPC. */
// biome-ignore lint/suspicious/noExplicitAny: the tests look at many shapes of JSON
export async function rpc(url: string, method: string, params: object = {}): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(5000),
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
  if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}

export async function heightOf({ rpcUrl }: TestValidator): Promise<number> {
  const { sync_info: sync } = await rpc(rpcUrl, 'status');
  return Number(sync.latest_block_height);
}

export function reach(validator: TestValidator, height: number): Promise<true> {
  return until(`height ${height}`, async () =>
    (await heightOf(validator)) >= height ? true : undefined,
  );
}

/** Application hashes after heights 1 to `last`, as the blocks' results have them. */
export async function appHashes({ rpcUrl }: TestValidator, last: number): Promise<string[]> {
  const hashes: string[] = [];
  for (let height = 1; height <= last; height++) {
    const { app_hash: hash } = await rpc(rpcUrl, 'block_results', { height: String(height) });
    hashes.push(hash);
  }
  return hashes;
}
