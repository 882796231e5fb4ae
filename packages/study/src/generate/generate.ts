import { type Block, runCrew } from './crew.ts';
import { type Lane, lanesOf, sourcesOf } from './lanes.ts';
import { jobCount, replayedJobs, type StudyPlan } from './plan.ts';
import type { StudyRecord } from './record.ts';
import type { RecordLog } from './record-log.ts';

export interface GenerateOptions {
  readonly modelDir: string;
  readonly processes: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: StudyProgress) => void) | undefined;
}

export interface StudyProgress {
  /** Of all jobs of all lanes. */
  readonly done: number;
  readonly total: number;
  /** Undefined until there is something to go by. */
  readonly secondsLeft: number | undefined;
}

/** Jobs that a process takes at a time: what a kill can cost. */
const BLOCK = { pictures: 16, replays: 12 } as const;

/**
 * Makes whatever of a plan the log has not got yet. Blocks are handed out so that a process keeps
 * its pipeline, and the lane with most work is begun first.
 */
export async function generate(
  plan: StudyPlan,
  log: RecordLog,
  { modelDir, processes, signal, onProgress }: GenerateOptions,
): Promise<void> {
  const lanes = await pendingLanes(plan, log.read());
  const clock = new Clock(plan, lanes, processes);
  onProgress?.(clock.progress());
  await runCrew({
    modelDir,
    plan,
    processes,
    signal,
    next: (lastLane) => takeBlock(lanes, lastLane, clock),
    onJob: (lane) => {
      clock.finishJob(lane);
      onProgress?.(clock.progress());
    },
    onBlock: (records) => log.append(records),
  });
}

interface PendingLane {
  readonly lane: Lane;
  /** Jobs that no process has taken. */
  readonly jobs: number[];
}

async function pendingLanes(
  plan: StudyPlan,
  records: AsyncIterable<StudyRecord>,
): Promise<PendingLane[]> {
  const made = new Set<string>();
  for await (const record of records) {
    if (record.kind === 'picture') made.add(`${record.source} ${record.job}`);
    if (record.kind === 'replay') made.add(`replays ${record.job}`);
  }
  return lanesOf(plan).map((lane) => {
    const sources = lane.kind === 'replays' ? ['replays'] : sourcesOf(lane);
    const isMissing = (job: number) => sources.some((source) => !made.has(`${source} ${job}`));
    return { lane, jobs: jobsOf(plan, lane).filter(isMissing) };
  });
}

function jobsOf(plan: StudyPlan, lane: Lane): number[] {
  if (lane.kind === 'replays') return replayedJobs(plan);
  return Array.from({ length: jobCount(plan) }, (_, job) => job);
}

function takeBlock(
  lanes: readonly PendingLane[],
  lastLane: string | undefined,
  clock: Clock,
): Block | undefined {
  const open = lanes.filter(({ jobs }) => jobs.length > 0);
  const same = open.find(({ lane }) => lane.name === lastLane);
  const longest = open.toSorted((a, b) => clock.secondsOf(b) - clock.secondsOf(a))[0];
  const pending = same ?? longest;
  if (pending === undefined) return undefined;
  const jobs = pending.jobs.splice(0, BLOCK[pending.lane.kind]);
  return { lane: pending.lane.name, jobs };
}

/** Guesses how long a job takes, until some are done: on the embedded model, one core. */
const FIRST_GUESS = { wasm: 0.35, native: 0.1, adversary: 0.05, replays: 4 } as const;

/** What is done, and how long the rest will take. */
class Clock {
  readonly #lanes: readonly PendingLane[];
  readonly #processes: number;
  readonly #total: number;
  readonly #left: Map<string, number>;
  readonly #started = performance.now();
  #secondsDone = 0;

  constructor(plan: StudyPlan, lanes: readonly PendingLane[], processes: number) {
    this.#lanes = lanes;
    this.#processes = processes;
    this.#total = lanes.reduce((sum, { lane }) => sum + jobsOf(plan, lane).length, 0);
    this.#left = new Map(lanes.map(({ lane, jobs }) => [lane.name, jobs.length]));
  }

  finishJob(lane: string): void {
    this.#left.set(lane, (this.#left.get(lane) as number) - 1);
    const found = this.#lanes.find((one) => one.lane.name === lane) as PendingLane;
    this.#secondsDone += guess(found.lane);
  }

  secondsOf({ lane, jobs }: PendingLane): number {
    return guess(lane) * jobs.length;
  }

  progress(): StudyProgress {
    const left = [...this.#left.values()].reduce((sum, jobs) => sum + jobs, 0);
    const guessed = this.#lanes.reduce(
      (sum, { lane }) => sum + guess(lane) * (this.#left.get(lane.name) as number),
      0,
    );
    // how far the guesses were off so far, all processes together
    const spent = ((performance.now() - this.#started) / 1000) * this.#processes;
    const pace = this.#secondsDone > 0 ? spent / this.#secondsDone : undefined;
    return {
      done: this.#total - left,
      total: this.#total,
      secondsLeft: pace === undefined ? undefined : (guessed * pace) / this.#processes,
    };
  }
}

function guess(lane: Lane): number {
  if (lane.kind === 'replays') return FIRST_GUESS.replays;
  return FIRST_GUESS[lane.profile.backend] + FIRST_GUESS.adversary * lane.adversaries.length;
}
