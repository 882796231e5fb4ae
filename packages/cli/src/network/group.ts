import { join } from 'node:path';
import type { ChildConfig } from './child.ts';
import { type Child, startChild } from './children.ts';

export interface GroupOptions {
  /** Folder for a log file of each part. */
  readonly logs: string;
  /** Gives up starting; a group that has started is stopped by its `stop`. */
  readonly signal?: AbortSignal | undefined;
  /** Told as each part becomes ready. */
  readonly onReady?: ((part: string, url: string) => void) | undefined;
  /** Told as one part is stopped while the others go on. */
  readonly onEnd?: ((part: string) => void) | undefined;
}

/** Parts of a network on this machine, each a process of its own, that stop together. */
export interface Group {
  start(name: string, config: ChildConfig): Promise<Child>;
  /** Stops one of them. */
  end(child: Child): Promise<void>;
  /** Who depends on the chain stops first, so that nobody logs the loss of what was meant to end. */
  stop(): Promise<void>;
}

/** What `act` starts; if it fails, all of that is stopped. */
export async function startGroup<T>(
  { logs, signal, onReady, onEnd }: GroupOptions,
  act: (group: Group) => Promise<T>,
): Promise<T> {
  const chain = new Set<Child>();
  const others = new Set<Child>();
  const group: Group = {
    async start(name, config) {
      const child = await startChild(name, config, join(logs, `${name}.log`), signal);
      (makesBlocks(config) ? chain : others).add(child);
      onReady?.(name, child.url);
      return child;
    },
    async end(child) {
      await child.stop();
      chain.delete(child);
      others.delete(child);
      onEnd?.(child.name);
    },
    async stop() {
      await Promise.all(Array.from(others, (child) => child.stop()));
      await Promise.all(Array.from(chain, (child) => child.stop()));
    },
  };
  try {
    return await act(group);
  } catch (error) {
    await group.stop();
    throw error;
  }
}

function makesBlocks({ role }: ChildConfig): boolean {
  return role === 'chain' || role === 'validator';
}

/** All results, or the first failure once everything has come to an end, so that nothing leaks. */
export async function allOrNone<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

/** Takes every step, one after the other, even if one before fails; then throws the first failure. */
export async function everyStep(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
