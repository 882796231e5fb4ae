/** What has to be closed, in the opposite order of its opening. */
export interface Ending {
  add(step: () => void | Promise<void>): void;
  /** Runs every step, whatever becomes of the others, and only once. */
  run(): Promise<void>;
}

export function createEnding(): Ending {
  const steps: (() => void | Promise<void>)[] = [];
  return {
    add: (step) => void steps.push(step),
    run: async () => {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything was closed');
    },
  };
}
