export interface Progress {
  /** Job id, hex. */
  readonly job: string;
  readonly stage: 'text' | 'step' | 'decode' | 'committed' | 'revealed' | 'failed';
  readonly step: number;
  readonly steps: number;
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
