import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeKeyFile } from '@semblance/client/keystore';
import type { Committee } from './committee.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A node as the operating system sees it: a process that can be killed. */
export interface NodeProcess {
  readonly child: ChildProcess;
  readonly output: string[];
  /** SIGKILL: no code of the node runs any more. */
  kill(): Promise<void>;
}

/** Starts `main.ts` with a config file for the node at an index of the committee. */
export async function spawnNode(committee: Committee, index: number): Promise<NodeProcess> {
  const { home, key, rpcUrl, modelsDir, profile, stake } = committee.options(index);
  await mkdir(home, { recursive: true });
  const keyFile = join(home, 'key.json');
  await stat(keyFile).catch(() => writeKeyFile(keyFile, key));
  const config = join(home, 'config.json');
  const fields = { home, rpcUrl, modelsDir, profile: profile.name, stake: stake.toString() };
  await writeFile(config, JSON.stringify(fields));
  const child = spawn(process.execPath, [MAIN, '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const exited = once(child, 'exit');
  return {
    child,
    output,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
