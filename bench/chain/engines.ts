import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
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
import { freePorts } from '../../packages/cli/src/network/ports.ts';
import { type CpuTime, cpuTimeOf } from './cpu-time.ts';

/* CometBFT over Semblance, and over its own example: the same homes, keys and configuration. */

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const HOST = '127.0.0.1';
const START_MS = 60_000;

export const APPLICATIONS = ['semblance', 'kvstore'] as const;
export type ApplicationName = (typeof APPLICATIONS)[number];

export interface EnginesOptions {
  readonly application: ApplicationName;
  readonly validators: number;
  readonly chainId: string;
  readonly blockMs: number;
  readonly appState: unknown;
}

export interface Engines {
  readonly rpcUrls: readonly string[];
  /** Of all validators since they started. */
  cpuTime(): CpuTime;
  stop(): Promise<void>;
}

/** Resolves when every validator answers. */
export async function startEngines(options: EnginesOptions): Promise<Engines> {
  const { application, validators, chainId, blockMs, appState } = options;
  const root = mkdtempSync(join(tmpdir(), 'semblance-bench-'));
  const homes = Array.from({ length: validators }, (_, i) => validatorHome(join(root, String(i))));
  const identities = homes.map(makeIdentity);
  const ports = await freePorts(2 * validators);
  const p2pOf = (i: number) => `${HOST}:${ports[validators + i]}`;
  const genesis = createGenesis({
    chainId,
    timeMs: BigInt(Date.now()),
    validators: identities.map(({ key }, i) => genesisValidator(key.publicKey, `validator ${i}`)),
    appState,
  });
  for (const [i, paths] of homes.entries()) {
    writeGenesis(paths.genesis, genesis);
    writeConfig(paths, {
      moniker: `validator-${i}`,
      application: application === 'kvstore' ? 'kvstore' : paths.socket,
      rpc: `tcp://${HOST}:${ports[i]}`,
      p2p: `tcp://${p2pOf(i)}`,
      peers: identities.flatMap(({ nodeId }, j) => (i === j ? [] : [`${nodeId}@${p2pOf(j)}`])),
      blockMs,
    });
  }
  const rpcUrls = homes.map((_, i) => `http://${HOST}:${ports[i]}`);
  const running = homes.map((paths) => launch(application, paths));
  const stop = async () => {
    await Promise.all(running.map(end));
    rmSync(root, { recursive: true });
  };
  try {
    await Promise.all(rpcUrls.map((url, i) => hasBlock(url, running[i] as ChildProcess)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { rpcUrls, cpuTime: () => sum(running.map(({ pid }) => cpuTimeOf(pid as number))), stop };
}

function sum(times: readonly CpuTime[]): CpuTime {
  return {
    application: times.reduce((total, { application }) => total + application, 0),
    engine: times.reduce((total, { engine }) => total + engine, 0),
  };
}

function launch(application: ApplicationName, { home }: ValidatorHome): ChildProcess {
  const [command, args] =
    application === 'kvstore'
      ? [findEngine().path, ['start', '--home', home]]
      : [process.execPath, [...profiling(home), MAIN, 'validator', 'start', '--home', home]];
  return spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** With BENCH_PROFILE every validator leaves a CPU profile in that folder. */
function profiling(home: string): string[] {
  const folder = process.env.BENCH_PROFILE;
  if (folder === undefined) return [];
  return [
    '--cpu-prof',
    `--cpu-prof-dir=${folder}`,
    `--cpu-prof-name=${home.replace(/\W/g, '-')}.cpuprofile`,
  ];
}

async function hasBlock(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    if ((await heightAt(url)) > 0) return;
    await delay(50);
  }
  throw new Error(`no block at ${url}`);
}

async function heightAt(url: string): Promise<number> {
  try {
    const answer = await fetch(`${url}/status`, { signal: AbortSignal.timeout(2000) });
    const { result } = (await answer.json()) as {
      result: { sync_info: { latest_block_height: string } };
    };
    return Number(result.sync_info.latest_block_height);
  } catch {
    return 0; // not there yet
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
