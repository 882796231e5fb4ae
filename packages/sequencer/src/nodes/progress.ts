import type { Progress, Stage } from '../views.ts';

const STAGES: readonly Stage[] = ['text', 'step', 'decode', 'committed', 'revealed', 'failed'];
const MAX_STEPS = 100_000;

/** What a node says about one job. */
export interface ToldProgress extends Progress {
  /** Job id, lower-case hex. */
  readonly job: string;
}

/** Reads the data of a node's `progress` event; undefined when it is malformed. */
export function parseProgress(data: string): ToldProgress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { job, stage, step, steps } = value as Record<string, unknown>;
  const known = STAGES.find((one) => one === stage);
  if (typeof job !== 'string' || !/^[0-9a-f]{64}$/.test(job) || known === undefined) {
    return undefined;
  }
  if (!isCount(step) || !isCount(steps) || step > steps) return undefined;
  return { job, stage: known, step, steps };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_STEPS;
}
