import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end. */
export async function semblance(...args: readonly string[]): Promise<Run> {
  const running = start(...args);
  const [code] = (await once(running.process, 'close')) as [number | null];
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

export interface Running {
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with the match as soon as standard output has it; rejects if the command ends first. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Signals and waits for the end. Once it stops, again: one Ctrl-C arrives several times. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function start(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    text.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.err += chunk;
  });
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text.out);
        if (match) resolve(match);
      };
      look();
      child.stdout.on('data', look);
      child.once('close', (code) =>
        reject(new Error(`ended with ${code} before ${pattern}:\n${text.out}${text.err}`)),
      );
    });
  return {
    process: child,
    stdout: () => text.out,
    stderr: () => text.err,
    printed,
    async end(signal) {
      const closed = once(child, 'close');
      child.kill(signal);
      await printed(/stopping/).catch(() => {});
      child.kill(signal);
      const [code] = (await closed) as [number | null];
      return code;
    },
  };
}
