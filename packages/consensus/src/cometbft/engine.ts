import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'smol-toml';
import { ConsensusError } from '../errors.ts';
import type { ValidatorHome } from './home.ts';
import { endOrphan, rememberEngine } from './orphan.ts';

export interface EngineOptions {
  /** Path of the CometBFT binary. */
  readonly binary: string;
  readonly paths: ValidatorHome;
  /** Where the application answers, whatever the config says. */
  readonly application: string;
  /** Gives up starting; an engine that has started is stopped by its `stop`. */
  readonly signal: AbortSignal;
}

/** CometBFT in a process of its own. */
export interface Engine {
  readonly rpcUrl: string;
  readonly pid: number | undefined;
  /** Settles when the process has ended, by itself or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 50;
const PROBE_MS = 1000;
const STOP_TIMEOUT_MS = 20_000;
/** How long an engine that lost its application may take to let go of its databases. */
const TAKE_OVER_MS = 10_000;
const LOG_TAIL_BYTES = 4096;

/**
 * Starts CometBFT over its home and resolves once its RPC answers, which is after it has replayed
 * what the application lacks. Throws ConsensusError ENGINE_ENDED with its last words if it ends, and
 * the signal's reason if that aborts.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const rpcUrl = rpcUrlOf(options.paths);
  const giveUpAt = Date.now() + TAKE_OVER_MS;
  for (;;) {
    await vacant(rpcUrl, giveUpAt, options.paths);
    const child = launch(options);
    try {
      await answers(rpcUrl, child, options);
      rememberEngine(options.paths, child.pid);
      return { rpcUrl, pid: child.pid, ended: endOf(child), stop: () => stopProcess(child) };
    } catch (error) {
      await stopProcess(child);
      if (!isHomeInUse(error)) throw error;
      if (Date.now() > giveUpAt && !endOrphan(options.paths)) throw error;
      await delay(POLL_MS);
    }
  }
}

/** Waits until nobody answers there: an engine whose application was killed takes a moment to end. */
async function vacant(rpcUrl: string, giveUpAt: number, paths: ValidatorHome): Promise<void> {
  while (await isHealthy(rpcUrl)) {
    if (Date.now() > giveUpAt && !endOrphan(paths)) {
      throw new ConsensusError('ENGINE_UNFIT', `another engine answers at ${rpcUrl}`, { rpcUrl });
    }
    await delay(POLL_MS);
  }
}

/** Where the engine's config says that its RPC is. */
function rpcUrlOf({ config }: ValidatorHome): string {
  const { rpc } = parse(readFileSync(config, 'utf8'));
  const laddr = typeof rpc === 'object' && 'laddr' in rpc ? rpc.laddr : undefined;
  if (typeof laddr !== 'string' || !laddr.startsWith('tcp://')) {
    const message = `${config}: rpc.laddr is not an address as tcp://127.0.0.1:26657`;
    throw new ConsensusError('ENGINE_UNFIT', message, { config });
  }
  return laddr.replace('tcp://', 'http://').replace('//0.0.0.0:', '//127.0.0.1:');
}

function launch({ binary, paths, application }: EngineOptions): ChildProcess {
  const log = openSync(paths.engineLog, 'a', 0o600);
  try {
    const args = ['start', '--home', paths.home, '--proxy_app', application];
    // In a group of its own: a terminal's Ctrl-C is for us, who stop it in its turn.
    const child = spawn(binary, args, { stdio: ['ignore', log, log], detached: true });
    // A process that could not be made has no pid, and so is not running.
    child.on('error', () => {});
    return child;
  } finally {
    closeSync(log);
  }
}

async function answers(url: string, child: ChildProcess, options: EngineOptions): Promise<void> {
  const { signal, paths } = options;
  while (isRunning(child)) {
    signal.throwIfAborted();
    if ((await isHealthy(url)) && isRunning(child)) return;
    await delay(POLL_MS);
  }
  signal.throwIfAborted();
  const lastWords = lastLine(paths.engineLog);
  const message = `CometBFT ended: ${lastWords} (see ${paths.engineLog})`;
  throw new ConsensusError('ENGINE_ENDED', message, { lastWords });
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(PROBE_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** LevelDB's lock is the other engine's, which is about to end if its application did. */
function isHomeInUse(error: unknown): boolean {
  return (
    error instanceof ConsensusError &&
    String(error.details.lastWords).includes('resource temporarily unavailable')
  );
}

function lastLine(path: string): string {
  const file = openSync(path, 'r');
  try {
    const tail = Buffer.alloc(LOG_TAIL_BYTES);
    const at = Math.max(0, fstatSync(file).size - tail.length);
    const length = readSync(file, tail, 0, tail.length, at);
    return tail.toString('utf8', 0, length).trim().split('\n').at(-1) ?? '';
  } finally {
    closeSync(file);
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
}

async function endOf(child: ChildProcess): Promise<void> {
  if (isRunning(child)) await once(child, 'exit');
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await endOf(child);
  clearTimeout(timer);
}
