import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestGateway } from './gateway.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A sequencer as the operating system sees it: a process that can be killed. */
export interface SequencerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** SIGKILL: no code of it runs any more. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export async function spawnSequencer(gateway: TestGateway): Promise<SequencerProcess> {
  const { home, rpcUrl, modelsDir } = gateway.options();
  const flags = { home, rpc: rpcUrl, models: modelsDir, key: gateway.localKeyFile, port: '0' };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4_096);
  });
  const ready = once(createInterface(child.stdout), 'line').then(
    ([line]) => (JSON.parse(String(line)) as { ready: string }).ready,
  );
  const url = await Promise.race([
    ready,
    exited.then(() => {
      throw new Error(`the sequencer ended while starting: ${errors}`);
    }),
  ]);
  return {
    url,
    child,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}
