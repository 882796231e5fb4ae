import { baseOf, type Task } from '@semblance/proto/task';

export interface Progress {
  /** Job id, hex. */
  readonly job: string;
  readonly stage: 'text' | 'step' | 'decode' | 'committed' | 'revealed' | 'failed';
  readonly step: number;
  readonly steps: number;
}

/** How many steps a run of the task walks; an enlargement is one. */
export function stepsOf(task: Task): number {
  const steps = baseOf(task)?.steps ?? 1;
  const isPart = task.case === 'imageToImage' || task.case === 'inpaint';
  return isPart ? Math.floor((steps * task.value.strengthMilli) / 1000) : steps;
}

/** Hands what a node is doing to whoever listens over HTTP. */
export interface ProgressHub {
  publish(progress: Progress): void;
  listen(listener: (progress: Progress) => void): () => void;
}

export function createProgressHub(): ProgressHub {
  const listeners = new Set<(progress: Progress) => void>();
  return {
    publish: (progress) => {
      for (const listener of listeners) listener(progress);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
