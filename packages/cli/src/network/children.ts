import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { profileNamed } from '@semblance/inference/profiles';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import type { Addresses, ChildConfig, ChildMessage } from './child.ts';

/** One part of the network in a process of its own, restarted when it dies unasked. */
export interface Child {
  readonly name: string;
  /** Where it answers, as it said when it was last ready. */
  readonly url: string;
  readonly restUrl: string | undefined;
  readonly grpcUrl: string | undefined;
  readonly pid: number | undefined;
  /** Ends it and its engine at once, as a power cut would; it is restarted like after any death. */
  kill(): void;
  stop(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL('./child.ts', import.meta.url));
const STOP_TIMEOUT_MS = 10_000;
const RESTART_DELAYS_MS = [250, 1_000, 4_000, 15_000];

/** Starts a part and waits until it says that it is ready; ends it when `signal` aborts before. */
export async function startChild(
  name: string,
  config: ChildConfig,
  logFile: string,
  signal?: AbortSignal,
): Promise<Child> {
  signal?.throwIfAborted();
  const abort = new AbortController();
  let running = launch(config, logFile);
  const giveUp = () => void running.kill();
  signal?.addEventListener('abort', giveUp);
  let ready = await whenReady(name, running, logFile).finally(() =>
    signal?.removeEventListener('abort', giveUp),
  );
  void superviseUntilStopped();

  async function superviseUntilStopped(): Promise<void> {
    for (let deaths = 0; ; deaths++) {
      if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
      if (abort.signal.aborted) return;
      const delay = RESTART_DELAYS_MS[Math.min(deaths, RESTART_DELAYS_MS.length - 1)] ?? 0;
      await pause(delay, abort.signal);
      if (abort.signal.aborted) return;
      running = launch(config, logFile);
      ready = await whenReady(name, running, logFile).catch(() => ready);
    }
  }

  return {
    name,
    get url() {
      return ready.url;
    },
    get restUrl() {
      return ready.restUrl;
    },
    get grpcUrl() {
      return ready.grpcUrl;
    },
    get pid() {
      return running.pid;
    },
    kill() {
      const { enginePid } = ready;
      if (!running.kill('SIGKILL')) return;
      // It may have ended just now: without its application it would.
      if (enginePid !== undefined) killIfThere(enginePid);
    },
    async stop() {
      abort.abort();
      await stopProcess(running);
    },
  };
}

/**
 * Settings of glibc's malloc, without effect elsewhere. V8 compiles a wasm runtime in pieces of
 * 32 KiB, of which malloc keeps some 80 MB for good unless each is its own mapping. Native runtimes
 * would be a tenth slower with it and have nothing to give back.
 */
const GIVE_BACK = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_MMAP_THRESHOLD_: '32768',
};

function runsWasm(config: ChildConfig): boolean {
  return config.role === 'node' && profileNamed(config.profile).backend === 'wasm';
}

function launch(config: ChildConfig, logFile: string): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const child = fork(ENTRY, [JSON.stringify(config)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // One helper thread keeps a process that runs wasm under 300 MB; V8 would take one a core.
    execArgv: ['--disable-warning=ExperimentalWarning', '--v8-pool-size=1'],
    env: { ...(runsWasm(config) ? GIVE_BACK : {}), ...process.env },
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.once('close', () => log.end());
  return child;
}

/** Resolves with the addresses, or rejects with the reason that the part itself gave. */
async function whenReady(name: string, child: ChildProcess, logFile: string): Promise<Addresses> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') resolve(message);
      else reject(new CommandError(message.code, `${name}: ${message.message}`, EXIT.failure));
    });
    child.once('exit', () =>
      reject(
        new CommandError('DIED', `${name} ended while starting; see ${logFile}`, EXIT.failure),
      ),
    );
  });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
